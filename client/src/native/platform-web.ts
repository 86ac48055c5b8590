/** As pages of a server: the server is the one they came from, and its answer has said what they may do. */

import type { Platform } from "./types.ts";

export const isApp: Platform["isApp"] = false;

export const preparePage: Platform["preparePage"] = () => undefined;

export const chosenServer: Platform["chosenServer"] = () => location.origin;

export const chooseServer: Platform["chooseServer"] = () => undefined;

export const forgetServer: Platform["forgetServer"] = () => undefined;
