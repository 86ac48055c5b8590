import { expect, it, vi } from "vitest";
import { platform } from "#platform";
import { platform as web } from "./platform/web.ts";
import { primitivesSuite } from "./primitives.suite.ts";

vi.mock("#platform", () => import("./platform/web.ts"));

it("runs on the browser's platform", () => {
  expect(platform).toBe(web);
});

primitivesSuite();
