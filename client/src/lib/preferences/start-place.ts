import { onPreferences, preferences } from "./store.ts";

/** The folder where somebody was last: an id, which says nothing, and only if they want to begin there. */
const KEY = "excalibur.place";
const PLACE = /^\/files(\/[A-Za-z0-9_-]+)?$/;

export function rememberPlace(pathname: string): void {
  if (!PLACE.test(pathname)) return;
  try {
    if (preferences().start === "last") localStorage.setItem(KEY, pathname);
    else localStorage.removeItem(KEY);
  } catch {
    // Without storage the drive begins with its root.
  }
}

/** Where an open drive begins. */
export function startPlace(): string {
  if (preferences().start !== "last") return "/files";
  try {
    const place = localStorage.getItem(KEY) ?? "";
    return PLACE.test(place) ? place : "/files";
  } catch {
    return "/files";
  }
}

// Who no longer wants it leaves no trace of it.
onPreferences(() => {
  if (preferences().start !== "last") rememberPlace("/files");
});
