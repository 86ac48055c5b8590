/** What names a place can hold, and which of them it takes for the same. */
export interface LocalSystem {
  /** any: not known, or many; what it holds, both of the others hold. */
  readonly family: "windows" | "unix" | "any";
  /** "A" and "a" are one name. */
  readonly foldsCase: boolean;
  /** The composed and the decomposed form of "é" are one name. */
  readonly foldsForms: boolean;
}
