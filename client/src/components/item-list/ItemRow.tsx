import type { CSSProperties, MouseEvent, PointerEvent } from "react";
import { kindOf } from "../../lib/files/kind-of.ts";
import type { FileItem } from "../../lib/session/index.ts";
import { formatBytes, formatDate, formatDateTime, useText } from "../../lib/text/index.ts";
import { IconButton } from "../controls/Button.tsx";
import { Icon } from "../controls/Icon.tsx";

export interface ItemRowProps {
  readonly item: FileItem;
  readonly index: number;
  readonly style: CSSProperties;
  readonly isSelected: boolean;
  readonly isTabStop: boolean;
  readonly onSelect: () => void;
  readonly onOpen: () => void;
  readonly onMenu: (event: MouseEvent) => void;
}

/** A finger opens by a tap, a mouse selects by a click and opens by two. */
export function ItemRow({ item, index, style, isSelected, isTabStop, onSelect, onOpen, onMenu }: ItemRowProps) {
  const text = useText();
  const { name, modifiedMs, sizeBytes } = item;
  const kind = kindOf(item);
  const size = sizeBytes === undefined ? "" : formatBytes(sizeBytes);
  const date = formatDate(modifiedMs);
  const onPointerUp = (event: PointerEvent): void => {
    if (event.pointerType === "touch" && !(event.target as HTMLElement).closest("button")) onOpen();
  };
  return (
    <div
      className="row"
      role="row"
      style={style}
      data-index={index}
      aria-rowindex={index + 2}
      aria-selected={isSelected}
      tabIndex={isTabStop ? 0 : -1}
      onClick={onSelect}
      onFocus={onSelect}
      onDoubleClick={onOpen}
      onPointerUp={onPointerUp}
      onContextMenu={onMenu}
    >
      <div className="row-name" role="gridcell">
        <span className={`tile tile-${kind}`}>
          <Icon name={kind} />
        </span>
        <span className="row-text">
          <span className="row-title" dir="auto">
            {name}
          </span>
          <span className="row-facts faint number">{[size, date].filter(Boolean).join(" · ")}</span>
        </span>
      </div>
      <div className="row-cell quiet number" role="gridcell" title={formatDateTime(modifiedMs)}>
        {date}
      </div>
      <div className="row-cell row-size quiet number" role="gridcell">
        {size}
      </div>
      <div role="gridcell">
        <IconButton
          icon="dots"
          label={text("files.actions", { name })}
          tabIndex={isTabStop ? 0 : -1}
          onClick={onMenu}
        />
      </div>
    </div>
  );
}
