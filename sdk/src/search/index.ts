/** Finding entries of a whole drive, on this device alone. */

export type { DriveSearchOptions } from "./drive-search.ts";
export { DriveSearch } from "./drive-search.ts";
export { fold } from "./fold.ts";
export type * from "./types.ts";
