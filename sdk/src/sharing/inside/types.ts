/**
 * Why a shared folder inside another stays as it is. `role`: this person does not decide about them there; `closed`: it does not open
 * for this person; `damaged`: a listing that may lead to others cannot be read; `others`: somebody who can write around it, or could,
 * was never in it.
 */
export type UnchangedReason = "role" | "closed" | "damaged" | "others";

/** A shared folder inside another, by the way to it: `Plans/2027`. */
export interface Unchanged {
  readonly name: string;
  readonly reason: UnchangedReason;
}

/** A shared folder inside another, by the way to it, and by name who is around it and not in it. */
export interface KeptOut {
  readonly name: string;
  readonly people: readonly string[];
}

/** What a change of who is in a shared folder does to the shared folders inside it. */
export interface InsideChanges {
  /** The same is done there. */
  readonly changed: readonly string[];
  readonly unchanged: readonly Unchanged[];
}
