/**
 * [Note: Texts become trees]
 * Highlighted code and Markdown cross to the page as trees of plain values, in which nothing can stand but what is named
 * here; the page draws elements from them. No HTML is ever made of a file, and none of what a file holds becomes an
 * attribute, but for the address of a link, which is checked.
 */
export type Node = string | Branch;

export interface Branch {
  readonly tag: Tag;
  readonly nodes: readonly Node[];
  /** Of "token": what it is in its language. Of "code-block": the name of the language. */
  readonly kind?: string;
  /** Of "link": with the scheme of the web, or of mail. */
  readonly address?: string;
  /** Of "item" with a box: whether it is ticked. Of "ordered": its first number. Of "cell": whether it heads its column. */
  readonly isTicked?: boolean;
  readonly start?: number;
  readonly isHead?: boolean;
}

export type Tag =
  | "token"
  | "paragraph"
  | "heading-1"
  | "heading-2"
  | "heading-3"
  | "heading-4"
  | "heading-5"
  | "heading-6"
  | "strong"
  | "emphasis"
  | "struck"
  | "code"
  | "code-block"
  | "quote"
  | "rule"
  | "break"
  | "list"
  | "ordered"
  | "item"
  | "table"
  | "row"
  | "cell"
  | "link"
  | "picture"
  | "markup";

/** Deeper ones become text: a file must not be able to exhaust whoever draws it. */
export const MAX_DEPTH = 40;
