/** Links: made and taken back by members, visited by anybody who has the address. */

export type { ClaimsOptions, Following } from "./claims.ts";
export { Claims } from "./claims.ts";
export * from "./errors.ts";
export type { LinksOptions } from "./links.ts";
export { Links } from "./links.ts";
export type { SavedFile, SaveOptions, SaveWish } from "./save.ts";
export { measureVisited, saveAgain, saveVisited } from "./save.ts";
export type * from "./types.ts";
export type { VisitPorts } from "./visit.ts";
export { visitLink } from "./visit.ts";
