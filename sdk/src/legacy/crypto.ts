/** The only file of this room that opens anything. */

export type { OpenedLegacyFile } from "@excalibur/core/legacy";
export { openLegacyFile } from "@excalibur/core/legacy";
