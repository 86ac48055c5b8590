/** As the pages of an app: they come with it, and the server is the one that somebody chose. */

import { Capacitor } from "@capacitor/core";
import { startDownload } from "../lib/files/start-download.ts";
import { openGuardStore } from "./app/guard.ts";
import { onSavedFile, saveFile, saveTextFile } from "./app/saving.ts";
import { guardScreen, paintSystemBars } from "./app/screen.ts";
import { appPolicy } from "./policy.ts";
import { saveWithBrowser } from "./save-text.ts";
import type { Platform } from "./types.ts";

const KEY = "excalibur.server";
const NONCE_BYTES = 16;

/** Not where the app's pages are tried in a browser. */
const isOnPhone = Capacitor.isNativePlatform();

export const isApp: Platform["isApp"] = true;

export const chosenServer: Platform["chosenServer"] = () => localStorage.getItem(KEY) ?? undefined;

export const chooseServer: Platform["chooseServer"] = (address) => localStorage.setItem(KEY, address);

export const forgetServer: Platform["forgetServer"] = () => localStorage.removeItem(KEY);

/**
 * No server says what these pages may do, so they say it themselves, before anything else of them runs: the policy that
 * stands in the page (vite.config.ts) allows any server, and this one, of which the stricter rules hold, only the chosen.
 */
export const preparePage: Platform["preparePage"] = () => {
  const styleNonce = btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(NONCE_BYTES))));
  document.querySelector("meta[name=csp-nonce]")?.setAttribute("content", styleNonce);
  const policy = document.createElement("meta");
  policy.httpEquiv = "Content-Security-Policy";
  policy.content = appPolicy({ styleNonce, server: chosenServer() });
  document.head.append(policy);
};

export const prepareScreen: Platform["prepareScreen"] = async () => {
  if (isOnPhone) await guardScreen();
};

export const paintBars: Platform["paintBars"] = (isDark) => {
  if (isOnPhone) paintSystemBars(isDark);
};

export const guardStore: Platform["guardStore"] = async () => (isOnPhone ? await openGuardStore() : undefined);

export const startSaving: Platform["startSaving"] = (fileName, sizeBytes) =>
  isOnPhone ? saveFile(fileName) : startDownload(fileName, sizeBytes);

export const saveText: Platform["saveText"] = (fileName, content) =>
  isOnPhone ? saveTextFile(fileName, content) : saveWithBrowser(fileName, content);

export const onSaved: Platform["onSaved"] = onSavedFile;
