/** Sharing folders with people: contacts, members, invitations. */

export type { Putting } from "./access-change.ts";
export * from "./errors.ts";
export type { Accepted, AcceptOptions } from "./invitations.ts";
export { Sharing } from "./sharing.ts";
export type * from "./types.ts";
export type { Guest } from "./welcome.ts";
