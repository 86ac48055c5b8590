/** As pages of a server: the server is the one they came from, its answer has said what they may do, and the browser does the rest. */

import { startDownload } from "../lib/files/start-download.ts";
import { saveWithBrowser } from "./save-text.ts";
import type { Platform } from "./types.ts";

export const isApp: Platform["isApp"] = false;

export const preparePage: Platform["preparePage"] = () => undefined;

export const prepareScreen: Platform["prepareScreen"] = async () => undefined;

/** Browsers take the page's `theme-color`. */
export const paintBars: Platform["paintBars"] = () => undefined;

/** Browsers have none that a page could use without its server (passkeys are another thing). */
export const guardStore: Platform["guardStore"] = async () => undefined;

export const chosenServer: Platform["chosenServer"] = () => location.origin;

export const chooseServer: Platform["chooseServer"] = () => undefined;

export const forgetServer: Platform["forgetServer"] = () => undefined;

export const startSaving: Platform["startSaving"] = startDownload;

export const saveText: Platform["saveText"] = saveWithBrowser;

/** Browsers show what they have downloaded themselves, and open and share it. */
export const onSaved: Platform["onSaved"] = () => () => undefined;
