import { describe, expect, it } from "vitest";
import type { ImportRule } from "./cruise-tree.ts";
import { findDeadRules } from "./live-rules.ts";

const FILES = ["server/src/api/get.ts", "server/src/db/index.ts", "node_modules/kysely/index.js"];

function deadRules(rule: Pick<ImportRule, "from" | "to">): string[] {
  return findDeadRules([{ name: "rule", comment: "why", ...rule }], FILES);
}

describe("a rule", () => {
  it("is alive if there are files on both of its sides", () => {
    expect(deadRules({ from: { path: "^server/src/api/" }, to: { path: "^server/src/db/|^nowhere/" } })).toEqual([]);
    expect(deadRules({ from: {}, to: { circular: true } })).toEqual([]);
    expect(deadRules({ from: { path: "^server" }, to: { path: "node_modules/kysely" } })).toEqual([]);
  });

  it("is dead if the room it guards has moved", () => {
    expect(deadRules({ from: { path: "^server/src/routes/" }, to: { path: "^server/src/db/" } })).toEqual([
      'rule: "from" matches no file',
    ]);
    expect(deadRules({ from: { path: "^server/src/api/" }, to: { path: "^server/src/database/" } })).toEqual([
      'rule: "to" matches no file',
    ]);
  });

  it("is dead if its exceptions leave nothing", () => {
    expect(deadRules({ from: { path: "^server/src/api/", pathNot: "get" }, to: {} })).toHaveLength(1);
  });
});
