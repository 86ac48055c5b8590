import type { LocalSystem } from "./types.ts";

const UNIX_LIMIT_BYTES = 255;
const WINDOWS_LIMIT_UNITS = 255;
const SUBSTITUTE = "_";

/**
 * Nowhere: the slash, NUL and control characters, controls of writing direction, halves of surrogate pairs. Honest
 * writers refuse them; a listing of somebody else may hold them all the same.
 */
const NEVER = /[/\p{Cc}\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]|\p{Cs}/gu;
const NOT_ON_WINDOWS = /[<>:"\\|?*]/g;
/** Devices, with any extension: opening "nul.txt" opens the device. */
const WINDOWS_DEVICE = /^(con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])(?= *(?:\.|$))/i;

const encoder = new TextEncoder();

/** What is taken along and unpacked nobody knows where: names that every system holds, and tells apart. */
export const EVERYWHERE: LocalSystem = { family: "any", foldsCase: true, foldsForms: true };

export interface LocalName {
  readonly name: string;
  /** It is not the name on the drive. */
  readonly isMapped: boolean;
}

/**
 * Local names for everything in one folder, in its order: as on the drive where the local system can hold that, else
 * the nearest thing, always different from each other as the local system sees it. The same listing gives the same
 * names.
 */
export function assignLocalNames(names: readonly string[], system: LocalSystem): LocalName[] {
  const taken = new Set<string>();
  const assigned: LocalName[] = [];
  const take = (index: number, name: string): boolean => {
    const key = folded(name, system);
    if (taken.has(key)) return false;
    taken.add(key);
    assigned[index] = { name, isMapped: name !== names[index] };
    return true;
  };
  // Those that fit come first, so that a mapped neighbour never takes their name.
  const others = [...names.keys()].filter((index) => {
    const name = names[index] as string;
    return possibleName(name, system) !== name || !take(index, name);
  });
  for (const index of others) {
    const possible = possibleName(names[index] as string, system);
    for (let number = 1; !take(index, numbered(possible, number, system)); number++);
  }
  return assigned;
}

/** The name itself where the system can hold it, else the nearest that it can. */
export function possibleName(name: string, system: LocalSystem): string {
  let possible = name.replace(NEVER, SUBSTITUTE);
  if (system.family !== "unix") possible = windowsName(possible);
  if (possible === "" || possible === "." || possible === "..") possible = SUBSTITUTE.repeat(possible.length || 1);
  return cut(possible, system);
}

/** "photo.jpg", 2 → "photo (2).jpg", cut to what the system can hold; 1 is the name itself. */
export function numbered(name: string, number: number, system: LocalSystem): string {
  return number === 1 ? name : cut(name, system, ` (${number})`);
}

function windowsName(name: string): string {
  return name
    .replace(NOT_ON_WINDOWS, SUBSTITUTE)
    .replace(/[. ]+$/, (end) => SUBSTITUTE.repeat(end.length))
    .replace(WINDOWS_DEVICE, `$1${SUBSTITUTE}`);
}

/** Puts `mark` before the extension and shortens what is before it until everything fits. */
function cut(name: string, system: LocalSystem, mark = ""): string {
  if (mark === "" && fits(name, system)) return name;
  const dot = name.lastIndexOf(".");
  const extension = dot > 0 && name.length - dot <= 16 ? name.slice(dot) : "";
  const stem = name.slice(0, name.length - extension.length);
  if (fits(stem + mark + extension, system)) return stem + mark + extension;
  // Whole characters, as many as fit, found by halving: names of bad clients may be long, and folders of them large.
  const characters = [...stem];
  const withFirst = (length: number): string => `${characters.slice(0, length).join("")}~${mark}${extension}`;
  let fitting = 0;
  let tooMany = characters.length + 1;
  while (tooMany - fitting > 1) {
    const middle = (fitting + tooMany) >> 1;
    if (fits(withFirst(middle), system)) fitting = middle;
    else tooMany = middle;
  }
  return withFirst(fitting);
}

function fits(name: string, { family }: LocalSystem): boolean {
  if (family !== "unix" && name.length > WINDOWS_LIMIT_UNITS) return false;
  return family === "windows" || encoder.encode(name).length <= UNIX_LIMIT_BYTES;
}

/** What the system compares, or something coarser: better a number too many than one file over another. */
function folded(name: string, { foldsCase, foldsForms }: LocalSystem): string {
  const form = foldsForms ? name.normalize("NFKC") : name;
  return foldsCase ? form.toUpperCase().toLowerCase() : form;
}
