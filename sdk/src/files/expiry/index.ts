/** What goes by itself after thirty days, and how it is known that they have passed. */

export type { Expired } from "./expiry.ts";
export { ExpiryRounds } from "./rounds.ts";
