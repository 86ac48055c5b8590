/** Items that a person wants at hand: in the keyring, so private, and the same on all of their devices. */

export { STARS_AT_MOST, StarsFullError } from "./errors.ts";
export { starFollower } from "./follower.ts";
export type { Settings, Star, StarsOptions } from "./stars.ts";
export { Stars } from "./stars.ts";
