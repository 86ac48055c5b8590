import { lexer, type MarkedToken, type Token, type Tokens } from "marked";
import { decodeReferences } from "./character-references.ts";
import { codeTree } from "./code-tree.ts";
import { type Branch, MAX_DEPTH, type Node, type Tag } from "./tree.ts";

const ADDRESS = /^(https?:\/\/|mailto:)/i;

/** Markdown (GitHub's) as a tree. Raw HTML stays text, pictures stay their descriptions: nothing is fetched because of a file. */
export function markdownTree(text: string): Node[] {
  return nodesOf(lexer(text, { gfm: true }), 0);
}

function nodesOf(tokens: readonly Token[] | undefined, depth: number): Node[] {
  return (tokens ?? []).flatMap((token) => (depth > MAX_DEPTH ? [token.raw] : nodeOf(token as MarkedToken, depth)));
}

function nodeOf(token: MarkedToken, depth: number): Node[] {
  const inside = (tokens: readonly Token[] | undefined): Node[] => nodesOf(tokens, depth + 1);
  const branch = (tag: Tag, nodes: readonly Node[], more: Partial<Branch> = {}): Node[] => [{ tag, nodes, ...more }];
  switch (token.type) {
    case "space":
    case "def":
      return [];
    case "paragraph":
      return branch("paragraph", inside(token.tokens));
    case "heading":
      return branch(`heading-${token.depth as 1 | 2 | 3 | 4 | 5 | 6}`, inside(token.tokens));
    case "strong":
      return branch("strong", inside(token.tokens));
    case "em":
      return branch("emphasis", inside(token.tokens));
    case "del":
      return branch("struck", inside(token.tokens));
    case "blockquote":
      return branch("quote", inside(token.tokens));
    case "hr":
      return branch("rule", []);
    case "br":
      return branch("break", []);
    case "code": {
      const kind = token.lang?.trim().split(/\s/)[0]?.toLowerCase() || undefined;
      return branch("code-block", codeTree(token.text, kind), kind === undefined ? {} : { kind });
    }
    case "codespan":
      return branch("code", [token.text]);
    case "list": {
      const items = token.items.map((item: Tokens.ListItem) => itemOf(item, depth + 1));
      return token.ordered ? branch("ordered", items, { start: Number(token.start) || 1 }) : branch("list", items);
    }
    case "table": {
      const cells = (row: readonly Tokens.TableCell[], isHead: boolean): Node => ({
        tag: "row",
        nodes: row.map((cell) => ({ tag: "cell", nodes: nodesOf(cell.tokens, depth + 2), isHead })),
      });
      return branch("table", [
        cells(token.header, true),
        ...token.rows.map((row: Tokens.TableCell[]) => cells(row, false)),
      ]);
    }
    case "link": {
      const address = decodeReferences(token.href);
      return ADDRESS.test(address) ? branch("link", inside(token.tokens), { address }) : inside(token.tokens);
    }
    case "image":
      return branch("picture", [decodeReferences(token.text)]);
    case "html":
      return branch("markup", [token.raw]);
    case "escape":
      return [token.text];
    case "text":
      return "tokens" in token && token.tokens !== undefined ? inside(token.tokens) : [decodeReferences(token.text)];
    default:
      return [(token as Token).raw];
  }
}

function itemOf({ tokens, task, checked }: Tokens.ListItem, depth: number): Node {
  const nodes = nodesOf(
    tokens.filter(({ type }) => type !== "checkbox"),
    depth,
  );
  return { tag: "item", nodes, ...(task ? { isTicked: checked === true } : {}) };
}
