/** Bounded work: so much at once and no more in memory. */

export { Lanes, Limiter } from "./limits.ts";
export { onceMore } from "./once-more.ts";
