export {
  followSystemTheme,
  type Language,
  onPreferences,
  type Preferences,
  preferences,
  type Sort,
  setPreferences,
  type Theme,
} from "./store.ts";
export { usePreferences } from "./use-preferences.ts";
