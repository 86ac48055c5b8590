/** spec/terminology.md §5: why an input is refused. */
export type RefusalClass =
  | "malformed"
  | "unsupported"
  | "integrity"
  | "weak-key"
  | "signature"
  | "succession"
  | "rollback"
  | "fork";

/** The reference refuses in one way: this error, with the class the vectors name. */
export class Refusal extends Error {
  readonly refuse: RefusalClass;

  constructor(refuse: RefusalClass, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "Refusal";
    this.refuse = refuse;
  }
}

/** Throws a Refusal unless the condition holds. */
export function demand(condition: boolean, refuse: RefusalClass, message: string): asserts condition {
  if (!condition) throw new Refusal(refuse, message);
}
