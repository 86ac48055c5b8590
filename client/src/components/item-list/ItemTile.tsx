import { kindOf } from "../../lib/files/kind-of.ts";
import { useText } from "../../lib/text/index.ts";
import { IconButton } from "../controls/Button.tsx";
import { Icon } from "../controls/Icon.tsx";
import { factsOf, type ItemProps, itemAttributes, SharedMark, StarMark } from "./ItemRow.tsx";
import { useThumbnail } from "./Thumbnails.tsx";

/** An item in the grid. */
export function ItemTile(props: ItemProps & { readonly column: number }) {
  const text = useText();
  const { item, columns, isSelected, isTabStop, isStarred, column } = props;
  const kind = kindOf(item);
  const picture = useThumbnail(item);
  return (
    <div {...itemAttributes(props)} className="card" role="gridcell" aria-colindex={column + 1}>
      <span className={`card-picture tile-${kind}`}>
        {picture === undefined ? <Icon name={kind} /> : <img src={picture} alt="" draggable={false} />}
        {picture !== undefined && kind === "film" && (
          <span className="card-film">
            <Icon name="play" />
          </span>
        )}
        {isSelected && (
          <span className="card-check">
            <Icon name="check" />
          </span>
        )}
      </span>
      <span className="card-name">
        <span className="card-title" dir="auto" title={item.name}>
          {item.name}
        </span>
        {item.isShared && <SharedMark />}
        {isStarred && <StarMark />}
      </span>
      <span className="card-facts faint number">{factsOf(item, columns)}</span>
      <span className="card-more">
        <IconButton
          icon="dots"
          label={text("files.actions", { name: item.name })}
          tabIndex={isTabStop ? 0 : -1}
          aria-haspopup="menu"
          data-more=""
        />
      </span>
    </div>
  );
}
