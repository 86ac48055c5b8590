import { describe, expect, it } from "vitest";
import { compareNotes, readExplained } from "./dependency-notes.ts";
import { findFileLinks } from "./links.ts";
import { inspectLockfile } from "./lockfile.ts";
import { inspectSource } from "./source-files.ts";
import { findLooseVersions } from "./versions.ts";

describe("a source file", () => {
  it("may have 400 lines, and a test 800", () => {
    expect(inspectSource("core/src/a.ts", "x\n".repeat(400))).toEqual([]);
    expect(inspectSource("core/src/a.ts", "x\n".repeat(401))).toHaveLength(1);
    expect(inspectSource("core/src/a.test.ts", "x\n".repeat(800))).toEqual([]);
    expect(inspectSource("core/src/a.test.ts", "x\n".repeat(801))).toHaveLength(1);
  });

  it.each([`// ${"TO"}DO later`, `/* ${"FIX"}ME */`, `// @ts-${"ignore"}`, `work().catch(() => ${"undefined"})`])(
    "may not contain %s",
    (line) => {
      expect(inspectSource("core/src/a.ts", `const a = 1;\n${line}\n`)).toEqual([
        expect.stringContaining("core/src/a.ts:2"),
      ]);
    },
  );

  it("may not name a path of one machine", () => {
    expect(inspectSource("core/src/a.ts", `const folder = "${"/ho"}me/somebody/files";`)).toHaveLength(1);
    expect(inspectSource("core/src/a.ts", 'const route = "/api/home/files";')).toEqual([]);
  });
});

it("a test that replaces a module says so by its name", () => {
  const text = `vi.${"mock"}("node:fs", replacement);\n`;
  expect(inspectSource("core/src/a.test.ts", text)).toEqual([expect.stringContaining("core/src/a.test.ts:1")]);
  expect(inspectSource("core/src/a.mocked.test.ts", text)).toEqual([]);
  expect(inspectSource("core/src/a.web.test.ts", text)).toEqual([]);
});

describe("versions", () => {
  const manifest = (version: string) => [{ file: "package.json", name: "x", dependencies: [{ name: "one", version }] }];

  it.each(["1.2.3", "18.4.0-beta.17", "npm:typescript@7.0.2", "npm:@scope/name@1.0.0"])("%s is exact", (version) => {
    expect(findLooseVersions(manifest(version))).toEqual([]);
  });

  it.each(["^1.2.3", "~1.2.3", "1.x", "*", "latest", "git+https://example.org/x"])("%s is not", (version) => {
    expect(findLooseVersions(manifest(version))).toHaveLength(1);
  });
});

describe("the lockfile", () => {
  const good = { version: "1.0.0", integrity: "sha512-x" };

  it("H5 wants a hash, no address and no install script", () => {
    expect(inspectLockfile({ "": {}, core: {}, "node_modules/a": good })).toEqual([]);
    expect(inspectLockfile({ "node_modules/a": {} })).toHaveLength(1);
    expect(inspectLockfile({ "node_modules/a": { ...good, resolved: "https://registry.example/a.tgz" } })).toHaveLength(
      1,
    );
    expect(inspectLockfile({ "node_modules/a": { ...good, hasInstallScript: true } })).toHaveLength(1);
    expect(inspectLockfile({ "node_modules/x": { link: true, resolved: "core" } })).toEqual([]);
  });

  it("wants the packages of every platform", () => {
    const tool = { ...good, optionalDependencies: { "@tool/linux": "1.0.0" } };
    expect(inspectLockfile({ "node_modules/tool": tool })).toEqual([expect.stringContaining("@tool/linux")]);
    expect(inspectLockfile({ "node_modules/tool": tool, "node_modules/@tool/linux": good })).toEqual([]);
  });
});

describe("the page of dependencies", () => {
  const manifests = [
    { file: "package.json", name: "top", dependencies: [{ name: "one", version: "1.0.0" }] },
    { file: "core/package.json", name: "core", dependencies: [{ name: "top", version: "1.0.0" }] },
  ];

  it("has exactly the packages that are used, our own aside", () => {
    expect(compareNotes(manifests, readExplained("| `one` | for | why | |\n| other | `cell` |"))).toEqual([]);
    expect(compareNotes(manifests, [])).toEqual(["one has no line"]);
    expect(compareNotes(manifests, readExplained("| `one`, `two` | both |"))).toEqual([expect.stringContaining("two")]);
  });
});

describe("a link of a document", () => {
  it("is followed if it leads to a file of ours", () => {
    const text =
      "[a](use/README.md) [b](../x.md#part) [c](https://example.org/y.md) [d](#here) [e](mailto:a@example.org)";
    expect(findFileLinks(text)).toEqual(["use/README.md", "../x.md"]);
  });
});
