import { Shortcuts } from "../../components/drive/Shortcuts.tsx";
import { useText } from "../../lib/text/index.ts";
import { Group } from "./Group.tsx";

export function ShortcutsSection() {
  const text = useText();
  return (
    <Group title={text("settings.shortcuts.title")} lead={text("settings.shortcuts.lead")} isFirst>
      <Shortcuts />
    </Group>
  );
}
