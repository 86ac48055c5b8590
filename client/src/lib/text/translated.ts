/** The same places, other words. */
export type Translated<Node> = {
  readonly [Name in keyof Node]: Node[Name] extends string ? string : Translated<Node[Name]>;
};
