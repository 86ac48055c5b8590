import { useSyncExternalStore } from "react";
import { language, onLanguage, text } from "./language.ts";

/** The words of the language of the moment; draws again when another is chosen. */
export function useText(): typeof text {
  useSyncExternalStore(onLanguage, language);
  return text;
}
