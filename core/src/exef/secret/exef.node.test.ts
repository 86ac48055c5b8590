import { expect, it } from "vitest";
import { platform } from "#platform";
import { platform as node } from "../../primitives/platform/node.ts";
import { exefSuite } from "./suite/exef.suite.ts";

it("runs on Node's platform", () => {
  expect(platform).toBe(node);
});

exefSuite();
