import type { CSSProperties } from "react";
import { kindOf } from "../../lib/files/kind-of.ts";
import type { FileItem } from "../../lib/session/index.ts";
import { useText } from "../../lib/text/index.ts";
import { IconButton } from "../controls/Button.tsx";
import { Icon } from "../controls/Icon.tsx";
import type { Column } from "./columns.ts";
import { useThumbnail } from "./Thumbnails.tsx";

export interface ItemProps {
  readonly item: FileItem;
  readonly index: number;
  readonly columns: readonly Column[];
  readonly isSelected: boolean;
  readonly isTabStop: boolean;
  readonly isStarred: boolean;
  /** Cut, and waiting to be put elsewhere. */
  readonly isFaded: boolean;
  readonly isDraggable: boolean;
}

/** How the list finds it again when something happens to it: events are handled by the list (ItemList.tsx). */
export function itemAttributes({ item, index, isSelected, isTabStop, isFaded, isDraggable }: ItemProps) {
  return {
    "data-index": index,
    "data-drop-folder": item.type === "folder" ? item.id : undefined,
    "data-faded": isFaded || undefined,
    "aria-selected": isSelected,
    tabIndex: isTabStop ? 0 : -1,
    draggable: isDraggable,
  };
}

export function factsOf(item: FileItem, columns: readonly Column[]): string {
  const facts = columns.filter(({ isFact }) => isFact).map(({ cell }) => cell(item));
  return facts.filter(Boolean).reverse().join(" · ");
}

export function ItemRow(props: ItemProps & { readonly style: CSSProperties }) {
  const text = useText();
  const { item, index, columns, isSelected, isTabStop, isStarred, style } = props;
  const kind = kindOf(item);
  const picture = useThumbnail(item);
  return (
    <div {...itemAttributes(props)} className="row" role="row" style={style} aria-rowindex={index + 2}>
      <div className="row-name" role="gridcell">
        <span className={`tile tile-${kind}`}>
          {picture === undefined || isSelected ? (
            <Icon name={isSelected ? "check" : kind} />
          ) : (
            <img src={picture} alt="" draggable={false} />
          )}
        </span>
        <span className="row-text">
          <span className="row-head">
            <span className="row-title" dir="auto">
              {item.name}
            </span>
            {item.isShared && <SharedMark />}
            {isStarred && <StarMark />}
          </span>
          <span className="row-facts faint number">{factsOf(item, columns)}</span>
        </span>
      </div>
      {columns.map(({ id, cell, title, isNumber, isSpare }) => (
        <div
          key={id}
          className={`row-cell row-${id} quiet${isNumber ? " number" : ""}${isSpare ? " cell-spare" : ""}`}
          role="gridcell"
          title={title?.(item)}
        >
          {cell(item)}
        </div>
      ))}
      <div role="gridcell">
        <IconButton
          icon="dots"
          label={text("files.actions", { name: item.name })}
          tabIndex={isTabStop ? 0 : -1}
          aria-haspopup="menu"
          data-more=""
        />
      </div>
    </div>
  );
}

export function SharedMark() {
  const text = useText();
  return (
    <span className="shared-mark" role="img" aria-label={text("sharing.shared")} title={text("sharing.shared")}>
      <Icon name="people" />
    </span>
  );
}

export function StarMark() {
  const text = useText();
  return (
    <span className="star-mark" role="img" aria-label={text("found.starred")}>
      <Icon name="star" />
    </span>
  );
}

/** Where an item will be that has not come across yet. */
export function RowToCome({ index, style }: { readonly index: number; readonly style: CSSProperties }) {
  return (
    <div className="row" role="row" aria-rowindex={index + 2} aria-busy="true" style={style}>
      <div className="row-name" role="gridcell">
        <span className="tile" />
        <span className="row-to-come" />
      </div>
    </div>
  );
}
