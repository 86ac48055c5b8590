import { expect, it } from "vitest";
import { platform } from "#platform";
import { platform as node } from "./platform/node.ts";
import { primitivesSuite } from "./primitives.suite.ts";

it("runs on Node's platform", () => {
  expect(platform).toBe(node);
});

primitivesSuite();
