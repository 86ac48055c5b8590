import { expect, it, vi } from "vitest";
import { platform } from "#platform";
import { platform as web } from "../../primitives/platform/web.ts";
import { exefSuite } from "./suite/exef.suite.ts";

vi.mock("#platform", () => import("../../primitives/platform/web.ts"));

it("runs on the browser's platform", () => {
  expect(platform).toBe(web);
});

exefSuite();
