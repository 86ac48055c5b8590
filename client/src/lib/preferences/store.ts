/** What somebody likes on this device: in the browser's storage, nothing secret, nothing that the server learns. */

export type Theme = "system" | "light" | "dark";
export type Language = "en" | "de";

export interface Sort {
  readonly by: "name" | "modified" | "size";
  readonly isDescending: boolean;
}

export interface Preferences {
  readonly theme: Theme;
  /** Of the lists of files. */
  readonly sort: Sort;
  /** undefined: as the browser says. */
  readonly language?: Language;
}

const KEY = "excalibur.preferences";
const DEFAULTS: Preferences = { theme: "system", sort: { by: "name", isDescending: false } };

const listeners = new Set<() => void>();
let current = read();

function read(): Preferences {
  try {
    const stored = JSON.parse(localStorage.getItem(KEY) ?? "{}") as Partial<Preferences>;
    const { theme, language, sort } = stored;
    return {
      theme: theme === "light" || theme === "dark" ? theme : "system",
      sort: isSort(sort) ? sort : DEFAULTS.sort,
      ...(language === "en" || language === "de" ? { language } : {}),
    };
  } catch {
    // No storage (some private windows), or not ours: the defaults serve.
    return DEFAULTS;
  }
}

function isSort(value: unknown): value is Sort {
  const { by, isDescending } = (value ?? {}) as Partial<Sort>;
  return (by === "name" || by === "modified" || by === "size") && typeof isDescending === "boolean";
}

export function preferences(): Preferences {
  return current;
}

export function setPreferences(changes: Partial<Preferences>): void {
  current = { ...current, ...changes };
  try {
    localStorage.setItem(KEY, JSON.stringify(current));
  } catch {
    // It holds until the page is closed, which is all that can be done without storage.
  }
  for (const listener of listeners) listener();
}

export function onPreferences(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

const darkSystem = matchMedia("(prefers-color-scheme: dark)");

function applyTheme(): void {
  const { theme } = current;
  const isDark = theme === "dark" || (theme === "system" && darkSystem.matches);
  document.documentElement.classList.toggle("dark", isDark);
  const ground = getComputedStyle(document.documentElement).getPropertyValue("--ground").trim();
  document.querySelector("meta[name=theme-color]")?.setAttribute("content", ground);
}

/** Colours as the person, else the system, wants them; follows both. */
export function followSystemTheme(): void {
  applyTheme();
  darkSystem.addEventListener("change", applyTheme);
  onPreferences(applyTheme);
}
