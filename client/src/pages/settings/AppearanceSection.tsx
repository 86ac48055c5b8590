import { Choice } from "../../components/controls/Choice.tsx";
import { type Language, setPreferences, usePreferences } from "../../lib/preferences/index.ts";
import { useText } from "../../lib/text/index.ts";
import { Group } from "./Group.tsx";

/** Each in its own language: whoever looks for theirs finds it. */
const LANGUAGES = [
  { value: "en", label: "English" },
  { value: "de", label: "Deutsch" },
] as const satisfies readonly { value: Language; label: string }[];

export function AppearanceSection() {
  const text = useText();
  const { theme, language, units, start } = usePreferences();
  return (
    <Group title={text("settings.appearance.title")} lead={text("settings.appearance.local")} isFirst>
      <Choice
        label={text("settings.appearance.theme")}
        value={theme}
        options={(["system", "light", "dark"] as const).map((value) => ({ value, label: text(`account.${value}`) }))}
        onChoose={(chosen) => setPreferences({ theme: chosen })}
      />
      <Choice
        label={text("settings.appearance.language")}
        value={language ?? "browser"}
        options={[{ value: "browser", label: text("settings.appearance.browserLanguage") }, ...LANGUAGES]}
        onChoose={(chosen) => setPreferences({ language: chosen === "browser" ? undefined : chosen })}
      />
      <Choice
        label={text("settings.appearance.units")}
        value={units}
        options={(["decimal", "binary"] as const).map((value) => ({
          value,
          label: text(`settings.appearance.${value}`),
          hint: text(`settings.appearance.${value}Hint`),
        }))}
        onChoose={(chosen) => setPreferences({ units: chosen })}
      />
      <Choice
        label={text("settings.appearance.start")}
        value={start}
        options={[
          { value: "files", label: text("settings.appearance.startFiles") },
          { value: "last", label: text("settings.appearance.startLast") },
        ]}
        onChoose={(chosen) => setPreferences({ start: chosen })}
      />
    </Group>
  );
}
