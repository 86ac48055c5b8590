import { useState } from "react";
import { useSessionState, useTransfers } from "../../Contexts.tsx";
import { Button } from "../../components/controls/Button.tsx";
import { Check } from "../../components/controls/Check.tsx";
import { useText } from "../../lib/text/index.ts";
import { Group } from "./Group.tsx";

/** Nobody has to stay: everything at once, readable without us. */
export function ExportEverything() {
  const text = useText();
  const transfers = useTransfers();
  const state = useSessionState();
  const [withTrash, setWithTrash] = useState(false);
  const start = (): void => {
    const name = "name" in state ? state.name : "";
    // The same order of year, month and day in every language: such files are sorted by their names.
    const date = new Date().toLocaleDateString("sv");
    const trashName = withTrash ? text("trash.title") : undefined;
    void transfers.download({
      name: `${text("safekeeping.export.fileName", { name, date })}.zip`,
      archived: { trashName },
    });
  };
  return (
    <Group title={text("safekeeping.export.title")} lead={text("safekeeping.export.lead")}>
      <Check label={text("safekeeping.export.withTrash")} isChecked={withTrash} onChecked={setWithTrash} />
      <div className="settings-actions">
        <Button icon="down" onClick={start}>
          {text("safekeeping.export.start")}
        </Button>
      </div>
    </Group>
  );
}
