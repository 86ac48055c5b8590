import { describe } from "vitest";
import { refusals, wholeObjects } from "./objects.suite.ts";
import { parts, randomAccess, streams } from "./streams.suite.ts";

/** ExEF v3 over FLOE. Runs on both platforms. */
export function exefSuite(): void {
  describe("whole objects", wholeObjects);
  describe("refusals", refusals);
  describe("parts", parts);
  describe("streams", streams);
  describe("random access", randomAccess);
}
