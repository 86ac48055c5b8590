import { utf8Length } from "../../bytes/index.ts";

/** Bytes of UTF-8. */
export const NAME_LIMIT_BYTES = 1024;

/** Which rule a name breaks (docs/spec/volumes.md §4). */
export type NameProblem =
  | "empty"
  | "too_long"
  | "slash"
  | "control_character"
  | "direction_character"
  | "dots"
  | "not_text"
  | "not_normalized";

const SENTENCES: Record<NameProblem, string> = {
  empty: "A name needs at least one visible character.",
  too_long: "That name is longer than 1024 bytes.",
  slash: "A name cannot hold “/”.",
  control_character: "That name holds a character that cannot be seen, like a line break.",
  direction_character:
    "That name holds a character that reverses the direction of text, which can disguise what a file is.",
  dots: "“.” and “..” cannot be names.",
  not_text: "That name is not valid text.",
  not_normalized: "That name is not in Unicode normal form C.",
};

const CONTROL = /[\u0000-\u001f\u007f-\u009f]/;
const DIRECTION = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/;

/** Unicode normal form C: what writers store and compare. */
export function normalizeName(name: string): string {
  return name.normalize("NFC");
}

/** The first rule a name breaks, or undefined if a writer may use it. */
export function nameProblem(name: string): NameProblem | undefined {
  if (!name.isWellFormed()) return "not_text";
  if (name.trim() === "") return "empty";
  if (name === "." || name === "..") return "dots";
  if (name.includes("/")) return "slash";
  if (CONTROL.test(name)) return "control_character";
  if (DIRECTION.test(name)) return "direction_character";
  if (utf8Length(name) > NAME_LIMIT_BYTES) return "too_long";
  return normalizeName(name) === name ? undefined : "not_normalized";
}

/** What happened, for people. */
export function nameSentence(problem: NameProblem): string {
  return SENTENCES[problem];
}

/**
 * What a listing shows: a name that stands more than once gets " (2)", " (3)" … in the order of childId, which is the
 * order of the entries (docs/spec/volumes.md §4). Both stay visible, whoever put them there. Of a listing that is read in
 * parts, `shown` carries what the parts before were given; only a number may come out otherwise than for the whole.
 */
export function displayNames(entries: readonly { readonly name: string }[], shown: Set<string> = new Set()): string[] {
  // Hardly any listing needs it: to collect the names of a hundred thousand entries twice is what is seen.
  let all: Set<string> | undefined;
  const isTaken = (candidate: string): boolean => {
    all ??= new Set(entries.map((entry) => entry.name));
    return all.has(candidate);
  };
  return entries.map(({ name }) => {
    let candidate = name;
    for (let number = 2; shown.has(candidate) || (candidate !== name && isTaken(candidate)); number++) {
      candidate = `${name} (${number})`;
    }
    shown.add(candidate);
    return candidate;
  });
}
