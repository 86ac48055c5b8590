import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { assignLocalNames, EVERYWHERE, type LocalSystem, numbered, possibleName } from "./index.ts";

const linux: LocalSystem = { family: "unix", foldsCase: false, foldsForms: false };
const mac: LocalSystem = { family: "unix", foldsCase: true, foldsForms: true };
const windows: LocalSystem = { family: "windows", foldsCase: true, foldsForms: false };

const bytes = (name: string): number => new TextEncoder().encode(name).length;

describe("a name on this computer", () => {
  it.each<[string, string, string]>([
    ["photo.jpg", "photo.jpg", "photo.jpg"],
    ["Привет, мир.txt", "Привет, мир.txt", "Привет, мир.txt"],
    ["..", "__", "__"],
    [".", "_", "_"],
    ["a/b", "a_b", "a_b"],
    ["../../etc/passwd", ".._.._etc_passwd", ".._.._etc_passwd"],
    ["nul\0byte", "nul_byte", "nul_byte"],
    ["line\nbreak\u001b[31m", "line_break_[31m", "line_break_[31m"],
    ["\u202Egpj.exe", "_gpj.exe", "_gpj.exe"],
    ["..\\..\\x", "..\\..\\x", ".._.._x"],
    ['a<b>:"|?*', 'a<b>:"|?*', "a_b______"],
    ["C:file", "C:file", "C_file"],
    ["name.", "name.", "name_"],
    ["name. .", "name. .", "name___"],
    ["space ", "space ", "space_"],
    ["CON", "CON", "CON_"],
    ["con.txt", "con.txt", "con_.txt"],
    ["Lpt1.tar.gz", "Lpt1.tar.gz", "Lpt1_.tar.gz"],
    ["com¹", "com¹", "com¹_"],
    ["nul .txt", "nul .txt", "nul_ .txt"],
    ["console.log", "console.log", "console.log"],
    ["...", "...", "___"],
  ])("%j is %j on Unix and %j on Windows", (name, onUnix, onWindows) => {
    expect(possibleName(name, linux)).toBe(onUnix);
    expect(possibleName(name, windows)).toBe(onWindows);
    expect(possibleName(name, EVERYWHERE)).toBe(onWindows);
  });

  it("is cut to what the system holds, with its extension kept", () => {
    expect(bytes(possibleName("ü".repeat(127), linux))).toBe(254);
    expect(possibleName(`${"ü".repeat(200)}.jpeg`, linux)).toMatch(/^ü+~\.jpeg$/);
    expect(bytes(possibleName(`${"ü".repeat(200)}.jpeg`, linux))).toBeLessThanOrEqual(255);
    expect(possibleName("x".repeat(300), windows)).toHaveLength(255);
    expect(bytes(possibleName("ü".repeat(255), EVERYWHERE))).toBeLessThanOrEqual(255);
    // Never half a character.
    expect(possibleName("😀".repeat(100), linux).isWellFormed()).toBe(true);
    expect(bytes(numbered(`${"x".repeat(251)}.jpg`, 12, linux))).toBeLessThanOrEqual(255);
  });
});

describe("the names of one folder", () => {
  const assign = (names: string[], system: LocalSystem): string[] =>
    assignLocalNames(names, system).map(({ name }) => name);

  it.each<[string, LocalSystem, string[], string[]]>([
    ["stay what they are", linux, ["a", "A", "é", "e\u0301"], ["a", "A", "é", "e\u0301"]],
    ["differ where case does not count", mac, ["README", "readme", "Readme.md"], ["README", "readme (2)", "Readme.md"]],
    ["differ where Unicode forms do not count", mac, ["\u00E9", "e\u0301"], ["\u00E9", "e\u0301 (2)"]],
    ["leave a fitting name to whom it belongs", windows, ["a:b", "a_b"], ["a_b (2)", "a_b"]],
    ["are numbered on", linux, ["a/b", "a\0b", "a_b"], ["a_b (2)", "a_b (3)", "a_b"]],
    ["are numbered before the extension", windows, ["x?.txt", "x*.txt"], ["x_.txt", "x_ (2).txt"]],
  ])("%s", (_, system, names, expected) => {
    expect(assign(names, system)).toEqual(expected);
  });

  it("say which of them were changed", () => {
    expect(assignLocalNames(["a", "b/c"], linux).map(({ isMapped }) => isMapped)).toEqual([false, true]);
  });

  it("are always different, one part of a path, and no way up, whatever the drive says", () => {
    const unit = fc.constantFrom(..."aAbB./\\:*? \0\n\u202E\u00E9\u0130\uFB01\uD800😀", "e\u0301");
    const odd = fc.constantFrom("", ".", "..", "a/..", "CON", "nul.txt", "x".repeat(400), "ü".repeat(200));
    const name = fc.oneof(fc.string({ unit, maxLength: 6 }), odd);
    fc.assert(
      fc.property(
        fc.array(name, { maxLength: 12 }),
        fc.constantFrom(linux, mac, windows, EVERYWHERE),
        (names, system) => {
          const assigned = assign(names, system);
          const key = (each: string) => {
            const form = system.foldsForms ? each.normalize("NFC") : each;
            return system.foldsCase ? form.toLowerCase() : form;
          };
          expect(new Set(assigned.map(key)).size).toBe(names.length);
          const ways = system.family !== "unix" ? /[/\0<>:"\\|?*]|[. ]$|^$/ : /[/\0]|^\.{0,2}$/;
          expect(assigned.filter((each) => ways.test(each))).toEqual([]);
          if (system.family !== "windows") expect(assigned.filter((each) => bytes(each) > 255)).toEqual([]);
        },
      ),
    );
  });
});
