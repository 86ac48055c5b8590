/** A server that lies at random, and what may come of it. */

export type { Failure } from "./play.ts";
export { CLI_EVERY, failureText, play } from "./play.ts";
export type { Protocol } from "./round.ts";
