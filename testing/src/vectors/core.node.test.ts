import { hmacSha384 } from "@excalibur/core/primitives";
import { expect, it, vi } from "vitest";
import { platform } from "../../../core/src/primitives/platform/node.ts";
import { accountSuite } from "./suites/account.suite.ts";
import { foundationSuite } from "./suites/foundation.suite.ts";
import { legacySuite } from "./suites/legacy.suite.ts";
import { objectSuite } from "./suites/object.suite.ts";
import { requestsSuite } from "./suites/requests.suite.ts";
import { standaloneSuite } from "./suites/standalone.suite.ts";
import { volumeSuite } from "./suites/volume.suite.ts";

it("runs on Node's platform", () => {
  const hmac = vi.spyOn(platform, "hmacSha384");
  hmacSha384(new Uint8Array(1), new Uint8Array(1));
  expect(hmac).toHaveBeenCalledOnce();
});

foundationSuite();
objectSuite();
accountSuite();
volumeSuite();
standaloneSuite();
requestsSuite();
legacySuite();
