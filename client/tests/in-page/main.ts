/** The page of in-page.browser.test.ts: runs the suites and leaves their outcome where the test looks. */

import fc from "fast-check";
import { primitivesSuite } from "../../../core/src/primitives/primitives.suite.ts";
import { type Outcome, runAll } from "./page-vitest.ts";
import { portsSuite } from "./ports.suite.ts";

declare global {
  var outcome: Promise<Outcome> | undefined;
}

fc.configureGlobal({ seed: Number(new URLSearchParams(location.search).get("seed")) });
primitivesSuite({ hasAes192: false });
portsSuite();
globalThis.outcome = runAll();
