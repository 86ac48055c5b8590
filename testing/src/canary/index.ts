/** Is there anything to read where nothing may be readable? */

export type { Needle } from "./needles.ts";
export { needlesOf } from "./needles.ts";
export type { Finding, Haystack, Marker } from "./search.ts";
export { CanarySearch } from "./search.ts";
