import { type MouseEvent, useState } from "react";
import { IconButton } from "../../components/controls/Button.tsx";
import { Menu } from "../../components/controls/Menu.tsx";
import { type Layout, type Sort, setPreferences, usePreferences } from "../../lib/preferences/index.ts";
import { useText } from "../../lib/text/index.ts";

const SORTS = [
  { by: "name", label: "files.nameColumn" },
  { by: "modified", label: "files.modifiedColumn" },
  { by: "size", label: "files.sizeColumn" },
  { by: "type", label: "explorer.typeColumn" },
] as const satisfies readonly { by: Sort["by"]; label: string }[];

/** How files are shown, and in which order: where there are no columns to choose, and for the grid. */
export function ViewMenu() {
  const text = useText();
  const { layout, sort } = usePreferences();
  const [at, setAt] = useState<Event>();
  const layouts: readonly Layout[] = ["list", "grid"];
  return (
    <>
      <IconButton
        icon={layout === "list" ? "list" : "grid"}
        label={text("explorer.view")}
        aria-haspopup="menu"
        onClick={(event: MouseEvent) => setAt(event.nativeEvent)}
      />
      <Menu
        at={at}
        label={text("explorer.view")}
        actions={[
          ...layouts.map((each) => ({
            label: text(`explorer.${each}`),
            icon: each,
            isChosen: each === layout,
            onChoose: () => setPreferences({ layout: each }),
          })),
          ...SORTS.map(({ by, label }) => ({
            label: `${text("explorer.sortBy")} ${text(label)}`,
            icon: "sort" as const,
            isChosen: sort.by === by,
            onChoose: () => setPreferences({ sort: { ...sort, by } }),
          })),
          {
            label: text(sort.isDescending ? "explorer.ascending" : "explorer.descending"),
            icon: sort.isDescending ? "down" : "up",
            onChoose: () => setPreferences({ sort: { ...sort, isDescending: !sort.isDescending } }),
          },
        ]}
        onClose={() => setAt(undefined)}
      />
    </>
  );
}
