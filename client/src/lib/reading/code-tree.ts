import highlighter from "highlight.js/lib/common";
import type { Branch, Node } from "./tree.ts";

const SIGNS: Readonly<Record<string, string>> = {
  "&amp;": "&",
  "&lt;": "<",
  "&gt;": ">",
  "&quot;": '"',
  "&#x27;": "'",
};
/** All that the highlighter ever writes: the begin and end of a token, and five signs. */
const PARTS = /<span class="([^"]*)">|<\/span>|&(?:amp|lt|gt|quot|#x27);/g;

/** Code as tokens of its language; one that is not known gives the text as it is. */
export function codeTree(text: string, language: string | undefined): Node[] {
  if (language === undefined || highlighter.getLanguage(language) === undefined) return [text];
  return tokensOf(highlighter.highlight(text, { language, ignoreIllegals: true }).value);
}

function tokensOf(html: string): Node[] {
  const root: Node[] = [];
  const open: Node[][] = [root];
  let at = 0;
  const add = (text: string): void => {
    const into = open.at(-1) as Node[];
    const last = into.at(-1);
    if (typeof last === "string") into[into.length - 1] = last + text;
    else if (text !== "") into.push(text);
  };
  for (const match of html.matchAll(PARTS)) {
    add(html.slice(at, match.index));
    at = match.index + match[0].length;
    if (match[1] !== undefined) {
      const nodes: Node[] = [];
      const token: Branch = { tag: "token", kind: kindOf(match[1]), nodes };
      (open.at(-1) as Node[]).push(token);
      open.push(nodes);
    } else if (match[0] === "</span>") {
      if (open.length > 1) open.pop();
    } else add(SIGNS[match[0]] as string);
  }
  add(html.slice(at));
  return root;
}

/** "hljs-title function_" → "title". */
function kindOf(classes: string): string {
  return /hljs-([a-z-]+)/.exec(classes)?.[1] ?? "";
}
