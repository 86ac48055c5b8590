/** Finding entries of a whole drive, on this device alone. */

export { fold } from "./fold.ts";
export type { SearchIndexOptions } from "./search-index.ts";
export { SearchIndex } from "./search-index.ts";
export type * from "./types.ts";
