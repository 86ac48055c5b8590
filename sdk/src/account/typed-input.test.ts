import { describe, expect, it } from "vitest";
import { deviceNameOf, parseInvitation, userNameOf } from "./names.ts";
import { passwordProblem } from "./passwords.ts";

const CODE = "AAECAwQFBgcICQoLDA0ODw";

describe("a user name", () => {
  it.each([
    ["alice", "alice"],
    ["Alice.B-2_x", "alice.b-2_x"],
  ])("%s is %s", (typed, name) => expect(userNameOf(typed)).toBe(name));

  it.each([
    "al",
    "a".repeat(33),
    "ａlice",
    "alice\u200b",
    "ali\u0301ce",
    "álice",
    " alice",
    "İlker",
    "Kelvin\u212a",
    "a b",
    "",
  ])("%j is none", (typed) =>
    expect(() => userNameOf(typed)).toThrow(expect.objectContaining({ code: "bad_user_name" })),
  );
});

describe("a new password", () => {
  it.each([
    ["correct horse battery", undefined],
    ["ÄÖÜäöüßéèê", undefined],
    ["十個の漢字でできた合言葉", undefined],
    ["ninechars", "too_short"],
    ["💙".repeat(9), "too_short"],
    // Ten code points, five after NFKC composes them.
    ["e\u0301".repeat(5), "too_short"],
    ["ab1".repeat(400), "too_long"],
    ["Administrator-9", "is_name"],
    ["aaaaaaaaaaaa", "few_characters"],
    ["abcabcabcabc", "few_characters"],
    ["Password123", "common"],
    ["QWERTYUIOP", "common"],
    ["ｐａｓｓｗｏｒｄ１２３", "common"],
  ])("%j: %s", (password, problem) => expect(passwordProblem(password, "administrator-9")).toBe(problem));
});

describe("an invitation", () => {
  it("is an address or a code", () => {
    expect(parseInvitation(` ${CODE}\n`)).toEqual({ code: CODE });
    expect(parseInvitation(`https://files.example:8443/drive/#invite=${CODE}`)).toEqual({
      code: CODE,
      server: "https://files.example:8443/drive/",
    });
  });

  it.each([
    "",
    "https://files.example/",
    "https://files.example/#invite=",
    `${CODE}A`,
    "AAECAwQFBgcICQoLDA0ODx",
    `?invite=${CODE}`,
  ])("%j is none", (text) =>
    expect(() => parseInvitation(text)).toThrow(expect.objectContaining({ code: "bad_invitation" })),
  );
});

describe("a device's name", () => {
  it.each([
    ["Alice's laptop", "Alice's laptop"],
    ["a\u0000b\u202ec", "a b c"],
    ["  ", "device"],
    ["é".repeat(40), "é".repeat(32)],
    [`${"x".repeat(63)}💙`, "x".repeat(63)],
    ["half \ud800", "half \ufffd"],
  ])("%j becomes %j", (typed, name) => expect(deviceNameOf(typed)).toBe(name));
});
