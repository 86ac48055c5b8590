import { existsSync } from "node:fs";

const USUAL_PLACES = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];

/** A Chromium of the system: the one named by EXCALIBUR_CHROMIUM, else the first in the usual places. We never download one. */
export function findChromium(env: NodeJS.ProcessEnv): string | undefined {
  return [env["EXCALIBUR_CHROMIUM"], ...USUAL_PLACES].find((place) => place !== undefined && existsSync(place));
}
