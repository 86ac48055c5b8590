/** Settings: the table, and how what holds is found. */

export { defaultOf, exampleFile, settingsTable } from "./document.ts";
export {
  CONFIG_FLAG,
  CONFIG_VARIABLE,
  type Effective,
  type Given,
  type ReadSettings,
  readSettings,
  type Source,
} from "./read-settings.ts";
export { flagOf, type Setting, variablesOf } from "./setting.ts";
export { SettingError } from "./setting-error.ts";
export { defaultSettingsFile } from "./settings-file.ts";
export { SETTINGS } from "./table.ts";
