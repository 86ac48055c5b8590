import { IconButton } from "../../../components/controls/Button.tsx";
import { countText } from "../../../components/item-list/count-text.ts";
import type { FileItem, ListingFacts } from "../../../lib/session/index.ts";
import { formatBytes, useText } from "../../../lib/text/index.ts";

export interface VisitFootProps {
  readonly facts: ListingFacts;
  readonly selected: readonly FileItem[];
  readonly onDownload: (() => void) | undefined;
  readonly onSave: (() => void) | undefined;
  readonly onClear: () => void;
}

/** What is in the folder, or what of it is selected. */
export function VisitFoot({ facts, selected, onDownload, onSave, onClear }: VisitFootProps) {
  const text = useText();
  const sizeBytes = selected.reduce((sum, item) => sum + (item.sizeBytes ?? 0), 0);
  const chosen = [
    selected.length > 0 && text("explorer.selected", { count: selected.length }),
    sizeBytes > 0 && formatBytes(sizeBytes),
  ].filter(Boolean);
  return (
    <div className="visit-foot faint number">
      <span role="status">{chosen.length > 0 ? chosen.join(" · ") : countText(facts, text)}</span>
      {selected.length > 0 && (
        <span className="visit-actions">
          {onDownload && <IconButton icon="down" label={text("files.download")} onClick={onDownload} />}
          {onSave && <IconButton icon="disk" label={text("links.save.action")} onClick={onSave} />}
          <IconButton icon="close" label={text("explorer.clear")} onClick={onClear} />
        </span>
      )}
    </div>
  );
}
