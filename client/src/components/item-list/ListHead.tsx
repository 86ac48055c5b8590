import { type Sort, setPreferences, usePreferences } from "../../lib/preferences/index.ts";
import { useText } from "../../lib/text/index.ts";

const COLUMNS = [
  { by: "name", label: "files.nameColumn" },
  { by: "modified", label: "files.modifiedColumn" },
  { by: "size", label: "files.sizeColumn" },
] as const satisfies readonly { by: Sort["by"]; label: string }[];

/** The names of the columns; choosing one sorts by it, choosing it again turns the order around. */
export function ListHead() {
  const text = useText();
  const { sort } = usePreferences();
  return (
    <div role="rowgroup">
      <div className="list-head" role="row" aria-rowindex={1}>
        {COLUMNS.map(({ by, label }) => {
          const isChosen = sort.by === by;
          const order = sort.isDescending ? "descending" : "ascending";
          return (
            <div key={by} role="columnheader" className={`head-${by}`} aria-sort={isChosen ? order : "none"}>
              <button
                type="button"
                onClick={() => setPreferences({ sort: { by, isDescending: isChosen && !sort.isDescending } })}
              >
                {text(label)}
                <span aria-hidden="true">{isChosen ? (sort.isDescending ? " ↓" : " ↑") : ""}</span>
              </button>
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
