/** What somebody likes on this device: in the browser's storage, nothing secret, nothing that the server learns. */

import { paintBars } from "../../native/index.ts";

export type Theme = "system" | "light" | "dark";
export type Language = "en" | "de";
/** decimal: 1 kB is 1000 bytes; binary: 1 KiB is 1024. */
export type SizeUnits = "decimal" | "binary";
/** What an open drive begins with: its root, or the folder where somebody was last. */
export type StartPlace = "files" | "last";

export interface Sort {
  readonly by: "name" | "modified" | "size" | "type";
  readonly isDescending: boolean;
}

export type Layout = "list" | "grid";

export interface Preferences {
  readonly theme: Theme;
  /** How files are laid out. */
  readonly layout: Layout;
  /** Whether what is known of the selected item stands beside the list, where there is room. */
  readonly hasDetails: boolean;
  /** Of the lists of files. */
  readonly sort: Sort;
  /** undefined: as the browser says. */
  readonly language?: Language;
  readonly units: SizeUnits;
  readonly start: StartPlace;
  /** Minutes without a touch after which the drive locks itself. 0: never. */
  readonly lockAfterMinutes: number;
}

const LONGEST_MINUTES = 24 * 60;

const KEY = "excalibur.preferences";
const DEFAULTS: Preferences = {
  theme: "system",
  layout: "list",
  hasDetails: false,
  sort: { by: "name", isDescending: false },
  units: "decimal",
  start: "files",
  lockAfterMinutes: 0,
};

const listeners = new Set<() => void>();
let current = read();

function read(): Preferences {
  try {
    const stored = JSON.parse(localStorage.getItem(KEY) ?? "{}") as Partial<Preferences>;
    const { theme, language, sort, layout, hasDetails, units, start, lockAfterMinutes } = stored;
    return {
      theme: theme === "light" || theme === "dark" ? theme : "system",
      layout: layout === "grid" ? layout : "list",
      hasDetails: hasDetails === true,
      sort: isSort(sort) ? sort : DEFAULTS.sort,
      units: units === "binary" ? "binary" : "decimal",
      start: start === "last" ? "last" : "files",
      lockAfterMinutes: isMinutes(lockAfterMinutes) ? lockAfterMinutes : 0,
      ...(language === "en" || language === "de" ? { language } : {}),
    };
  } catch {
    // No storage (some private windows), or not ours: the defaults serve.
    return DEFAULTS;
  }
}

function isSort(value: unknown): value is Sort {
  const { by, isDescending } = (value ?? {}) as Partial<Sort>;
  return (by === "name" || by === "modified" || by === "size" || by === "type") && typeof isDescending === "boolean";
}

function isMinutes(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) >= 0 && (value as number) <= LONGEST_MINUTES;
}

export function preferences(): Preferences {
  return current;
}

/** What is undefined in `changes` goes back to what it was at first. */
export function setPreferences(
  changes: {
    readonly [Name in keyof Preferences]?: Preferences[Name] | undefined;
  },
): void {
  const next = Object.entries({ ...current, ...changes }).filter(([, value]) => value !== undefined);
  current = { ...DEFAULTS, ...(Object.fromEntries(next) as Partial<Preferences>) };
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

/** What another window of this browser chose holds here as well. */
export function followOtherWindows(): void {
  addEventListener("storage", ({ key }) => {
    if (key !== KEY) return;
    current = read();
    for (const listener of listeners) listener();
  });
}

const darkSystem = matchMedia("(prefers-color-scheme: dark)");

function applyTheme(): void {
  const { theme } = current;
  const isDark = theme === "dark" || (theme === "system" && darkSystem.matches);
  document.documentElement.classList.toggle("dark", isDark);
  const ground = getComputedStyle(document.documentElement).getPropertyValue("--ground").trim();
  document.querySelector("meta[name=theme-color]")?.setAttribute("content", ground);
  paintBars(isDark);
}

/** Colours as the person, else the system, wants them; follows both. */
export function followSystemTheme(): void {
  applyTheme();
  darkSystem.addEventListener("change", applyTheme);
  onPreferences(applyTheme);
}
