import i18next, { type TOptions } from "i18next";
import { type Language, onPreferences, preferences } from "../preferences/index.ts";
import type { later } from "./en/later.ts";
import { en } from "./en.ts";

type Paths<Node, Prefix extends string = ""> = {
  [Name in keyof Node & string]: Node[Name] extends string
    ? `${Prefix}${WithoutPlural<Name>}`
    : Paths<Node[Name], `${Prefix}${Name}.`>;
}[keyof Node & string];
type WithoutPlural<Name extends string> = Name extends `${infer Stem}_${"one" | "other"}` ? Stem : Name;

/** Where a text stands: a typing mistake does not compile. */
export type TextKey = Paths<typeof en & typeof later>;

const texts = i18next.createInstance();
const listeners = new Set<() => void>();

function wantedLanguage(): Language {
  const { language: chosen } = preferences();
  if (chosen !== undefined) return chosen;
  const first = navigator.languages.find((tag) => /^(en|de)\b/i.test(tag));
  return first?.toLowerCase().startsWith("de") ? "de" : "en";
}

async function use(wanted: Language): Promise<void> {
  if (wanted === "de" && !texts.hasResourceBundle("de", "translation")) {
    try {
      const { de } = await import("./de.ts");
      texts.addResourceBundle("de", "translation", de);
    } catch {
      // It did not come. The drive in English is better than none, and what is chosen stays chosen: the next start tries again.
      return await use("en");
    }
  }
  await texts.changeLanguage(wanted);
  document.documentElement.lang = wanted;
  document.documentElement.dir = texts.dir(wanted);
  for (const listener of listeners) listener();
}

/** English is part of the program; another language is fetched when it is wanted. */
export async function loadLanguage(): Promise<void> {
  await texts.init({
    lng: "en",
    fallbackLng: "en",
    resources: { en: { translation: en } },
    // React escapes, and nothing here becomes HTML.
    interpolation: { escapeValue: false },
  });
  await use(wantedLanguage());
  onPreferences(() => {
    if (wantedLanguage() !== texts.language) void use(wantedLanguage());
  });
}

/** See later.ts. */
export function addTexts(more: object): void {
  texts.addResourceBundle("en", "translation", more, true);
}

export function hasText(key: string): boolean {
  return texts.exists(key, { lng: "en" });
}

export function text(key: TextKey, values: TOptions = {}): string {
  return texts.t(key as string, values);
}

/** A BCP 47 tag, for `Intl`. The region is the browser's where the language is: dates of en-GB stay those of en-GB. */
export function language(): string {
  return navigator.languages.find((tag) => tag.toLowerCase().startsWith(texts.language)) ?? texts.language;
}

export function onLanguage(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
