/** Names of the drive where something else keeps files: a disk, an archive. */

export { assignLocalNames, EVERYWHERE, type LocalName, numbered, possibleName } from "./local-names.ts";
export type * from "./types.ts";
