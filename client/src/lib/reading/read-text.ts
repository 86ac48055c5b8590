import { codeTree } from "./code-tree.ts";
import { decodeText } from "./decode-text.ts";
import { markdownTree } from "./markdown-tree.ts";
import type { Node } from "./tree.ts";

/** Larger texts are shown without colours, which would be more elements than a page can carry. */
const COLOURED_BYTES = 128 * 1024;

export interface TextToRead {
  readonly bytes: Uint8Array;
  readonly as: "markdown" | "text";
  readonly language?: string | undefined;
}

/** isFormatted: a tree of blocks; otherwise lines of text, possibly coloured. */
export interface ReadText {
  readonly nodes: readonly Node[];
  readonly isFormatted: boolean;
}

/** undefined: it is no text. */
export function readText({ bytes, as, language }: TextToRead): ReadText | undefined {
  const text = decodeText(bytes);
  if (text === undefined) return undefined;
  if (bytes.length > COLOURED_BYTES) return { nodes: [text], isFormatted: false };
  if (as === "markdown") return { nodes: markdownTree(text), isFormatted: true };
  return { nodes: codeTree(text, language), isFormatted: false };
}
