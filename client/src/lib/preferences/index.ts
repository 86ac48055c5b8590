export { rememberPlace, startPlace } from "./start-place.ts";
export {
  followOtherWindows,
  followSystemTheme,
  type Language,
  type Layout,
  onPreferences,
  type Preferences,
  preferences,
  type SizeUnits,
  type Sort,
  type StartPlace,
  setPreferences,
  type Theme,
} from "./store.ts";
export { usePreferences } from "./use-preferences.ts";
