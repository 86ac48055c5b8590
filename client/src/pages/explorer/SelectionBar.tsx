import type { MouseEvent } from "react";
import { IconButton } from "../../components/controls/Button.tsx";
import { canDownload } from "../../lib/files/downloads.ts";
import type { FileItem } from "../../lib/session/index.ts";
import { formatBytes, useText } from "../../lib/text/index.ts";
import { hasShared, type May, shareable } from "./may.ts";

export interface SelectionBarProps {
  readonly selected: readonly FileItem[];
  /** What is in the folder, counted. */
  readonly counts: string;
  readonly onDownload: (items: readonly FileItem[]) => void;
  readonly may: May;
  readonly onShare: (item: FileItem) => void;
  readonly onMove: () => void;
  readonly onTrash: (items: readonly FileItem[]) => void;
  readonly onMore: (at: Event) => void;
  readonly onClear: () => void;
}

/** What is in the folder and what of it is selected, with what is done most, where a thumb is. */
export function SelectionBar(props: SelectionBarProps) {
  const { selected, counts, may, onDownload, onShare, onMove, onTrash, onMore, onClear } = props;
  const text = useText();
  const isShared = hasShared(selected);
  const shared = shareable(selected, may);
  const sizeBytes = selected.reduce((sum, item) => sum + (item.sizeBytes ?? 0), 0);
  const chosen = [
    selected.length > 0 && text("explorer.selected", { count: selected.length }),
    sizeBytes > 0 && formatBytes(sizeBytes),
  ].filter(Boolean);
  return (
    <div className={selected.length > 0 ? "selection-bar" : undefined}>
      <span role="status" className="selection-facts">
        <span className="selection-counts">
          {counts}
          {chosen.length > 0 && " · "}
        </span>
        {chosen.join(" · ")}
      </span>
      {selected.length > 0 && (
        <span className="selection-actions">
          {canDownload(selected) && (
            <IconButton icon="down" label={text("files.download")} onClick={() => onDownload(selected)} />
          )}
          {shared !== undefined && (
            <IconButton
              icon="people"
              label={text(isShared ? "sharing.people" : "sharing.share")}
              onClick={() => onShare(shared)}
            />
          )}
          {may.change && <IconButton icon="move" label={text("explorer.moveTo")} onClick={onMove} />}
          {may.change && !isShared && (
            <IconButton icon="trash" label={text("files.trash")} onClick={() => onTrash(selected)} />
          )}
          <IconButton
            icon="dots"
            label={text("explorer.more")}
            aria-haspopup="menu"
            onClick={(event: MouseEvent) => onMore(event.nativeEvent)}
          />
          <IconButton icon="close" label={text("explorer.clear")} onClick={onClear} />
        </span>
      )}
    </div>
  );
}
