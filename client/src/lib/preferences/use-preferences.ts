import { useSyncExternalStore } from "react";
import { onPreferences, type Preferences, preferences } from "./store.ts";

export function usePreferences(): Preferences {
  return useSyncExternalStore(onPreferences, preferences);
}
