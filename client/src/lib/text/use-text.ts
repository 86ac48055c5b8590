import { useSyncExternalStore } from "react";
import { onPreferences, preferences } from "../preferences/index.ts";
import { language, onLanguage, text } from "./language.ts";

const units = (): string => preferences().units;

/** The words of the language of the moment; draws again when another is chosen, or other units of size. */
export function useText(): typeof text {
  useSyncExternalStore(onLanguage, language);
  useSyncExternalStore(onPreferences, units);
  return text;
}
