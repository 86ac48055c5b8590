/** Reading files of the earlier Excalibur, offline. */

export type { OpenedLegacyFile } from "./crypto.ts";
export { openLegacyFile } from "./crypto.ts";
