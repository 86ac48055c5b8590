import type { CSSProperties } from "react";
import { type Sort, setPreferences, usePreferences } from "../../lib/preferences/index.ts";
import { useText } from "../../lib/text/index.ts";
import type { Column } from "./columns.ts";

export interface ListHeadProps {
  readonly columns: readonly Column[];
  /** Whether people choose the order. */
  readonly isSortable: boolean;
  readonly style: CSSProperties;
}

/** Sorts by it, or turns the order around when it does already. */
export function sortBy(by: Sort["by"], sort: Sort): void {
  setPreferences({ sort: { by, isDescending: by === sort.by && !sort.isDescending } });
}

/** The names of the columns; choosing one sorts by it, choosing it again turns the order around. */
export function ListHead({ columns, isSortable, style }: ListHeadProps) {
  const text = useText();
  const { sort } = usePreferences();
  const name = { id: "name", label: "files.nameColumn", isSpare: false, by: isSortable ? "name" : undefined } as const;
  return (
    <div role="rowgroup" className="list-head-group">
      <div className="list-head" role="row" aria-rowindex={1} style={style}>
        {[name, ...columns].map(({ id, by, label, isSpare }) => {
          const isChosen = by !== undefined && sort.by === by;
          const order = sort.isDescending ? "descending" : "ascending";
          return (
            <div
              key={id}
              role="columnheader"
              className={`head-cell head-${id}${isSpare ? " cell-spare" : ""}`}
              aria-sort={by === undefined ? undefined : isChosen ? order : "none"}
            >
              {by === undefined ? (
                <span className="faint">{text(label)}</span>
              ) : (
                <button type="button" onClick={() => sortBy(by, sort)}>
                  {text(label)}
                  <span aria-hidden="true">{isChosen ? (sort.isDescending ? " ↓" : " ↑") : ""}</span>
                </button>
              )}
            </div>
          );
        })}
        <div role="columnheader">
          <span className="visually-hidden">{text("files.actionsColumn")}</span>
        </div>
      </div>
    </div>
  );
}
