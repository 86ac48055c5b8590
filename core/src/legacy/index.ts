/** Reading what the earlier Excalibur wrote. Only the import command comes here; nothing is ever written this way. */

export type { OpenedLegacyFile, OpenLegacyOptions } from "./exef-v2.ts";
export { LegacyFileError, LegacyKeyLengthError, openLegacyFile } from "./exef-v2.ts";
