import { describe, expect, it } from "vitest";
import { readText } from "./read-text.ts";
import type { Branch, Node } from "./tree.ts";

const bytesOf = (text: string) => new TextEncoder().encode(text);
const markdown = (text: string) => readText({ bytes: bytesOf(text), as: "markdown" })?.nodes ?? [];
const textOf = (nodes: readonly Node[]): string =>
  nodes.map((node) => (typeof node === "string" ? node : textOf(node.nodes))).join("");
const all = (nodes: readonly Node[]): Branch[] =>
  nodes.flatMap((node) => (typeof node === "string" ? [] : [node, ...all(node.nodes)]));
const tagged = (nodes: readonly Node[], tag: Branch["tag"]) => all(nodes).filter((branch) => branch.tag === tag);

describe("Markdown", () => {
  it("becomes blocks, lists with boxes, tables and code in colours", () => {
    const nodes = markdown(
      "# Trip &amp; plan\n\nTo **Iceland** by ~~car~~ `ship`.\n\n3. pack\n4. [x] book\n\n| a | b |\n|---|---|\n| 1 | *2* |\n\n```js\nconst a = 1;\n```\n\n> quoted\n\n---\n",
    );
    expect(textOf(tagged(nodes, "heading-1"))).toBe("Trip & plan");
    expect(textOf(tagged(nodes, "strong"))).toBe("Iceland");
    expect(tagged(nodes, "ordered")[0]).toMatchObject({ start: 3 });
    expect(tagged(nodes, "item").map(({ isTicked }) => isTicked)).toEqual([undefined, true]);
    expect(tagged(nodes, "cell").map((cell) => [textOf(cell.nodes), cell.isHead])).toEqual([
      ["a", true],
      ["b", true],
      ["1", false],
      ["2", false],
    ]);
    expect(tagged(nodes, "token").map((token) => [token.kind, textOf(token.nodes)])).toEqual([
      ["keyword", "const"],
      ["number", "1"],
    ]);
    expect(tagged(nodes, "rule")).toHaveLength(1);
  });

  it("keeps HTML as text, leaves pictures away, and follows no address but of the web and of mail", () => {
    const nodes = markdown(
      '<script>alert(1)</script>\n\na <img src=x onerror=alert(1)> b ![a view](https://elsewhere.example/pixel.png "t")\n\n[one](javascript:alert(1)) [two](https://example.org/?a&amp;b) [three](data:text/html,x) [four](&#106;avascript:alert(1)) [five](/settings) <mailto:a@example.org>',
    );
    expect(tagged(nodes, "markup").map(({ nodes: raw }) => textOf(raw).trim())).toEqual([
      "<script>alert(1)</script>",
      "<img src=x onerror=alert(1)>",
    ]);
    expect(tagged(nodes, "picture").map(({ nodes: text }) => textOf(text))).toEqual(["a view"]);
    expect(tagged(nodes, "link").map(({ address }) => address)).toEqual([
      "https://example.org/?a&b",
      "mailto:a@example.org",
    ]);
    expect(textOf(nodes)).toContain("one two three four five");
  });

  it("that is nested without end becomes text at some depth", () => {
    const nodes = markdown(`${"> ".repeat(300)}deep`);
    expect(tagged(nodes, "quote").length).toBeLessThan(60);
    expect(textOf(nodes)).toContain("deep");
  });
});

describe("code", () => {
  it("becomes tokens whose text is exactly the file's", () => {
    const text = "if (a < b && c > \"d\") { return '&amp;'; } // <b>\n";
    const read = readText({ bytes: bytesOf(text), as: "text", language: "typescript" });
    expect(textOf(read?.nodes ?? [])).toBe(text);
    expect(tagged(read?.nodes ?? [], "token").map(({ kind }) => kind)).toContain("keyword");
  });

  it("is shown as it is when its language is unknown, or there is much of it", () => {
    expect(readText({ bytes: bytesOf("a <b>"), as: "text", language: "klingon" })?.nodes).toEqual(["a <b>"]);
    const long = "let a = 1;\n".repeat(20_000);
    expect(readText({ bytes: bytesOf(long), as: "text", language: "javascript" })?.nodes).toEqual([long]);
  });
});

describe("a text", () => {
  it("is read as UTF-8, as UTF-16 with its mark, else as it was written in the West before", () => {
    const read = (bytes: Uint8Array) => textOf(readText({ bytes, as: "text" })?.nodes ?? []);
    expect(read(bytesOf("Grüße"))).toBe("Grüße");
    expect(read(Uint8Array.of(0xff, 0xfe, 0x47, 0, 0xfc, 0))).toBe("Gü");
    expect(read(Uint8Array.of(0x47, 0xfc))).toBe("Gü");
  });

  it("is none when it holds zeros", () => {
    expect(readText({ bytes: Uint8Array.of(1, 0, 2), as: "text" })).toBeUndefined();
  });
});
