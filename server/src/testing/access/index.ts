/** Every route, called by everybody: what tests of access and fuzzing share. */

export { type AccessWorld, listObject, shareVolume, startAccessWorld } from "./access-world.ts";
export { callAs, type PreparedCall } from "./callers.ts";
export { accessTables, CALLERS, type Caller, expectedOutcome } from "./expected-access.ts";
export { rowDigests } from "./row-digest.ts";
export { type SampleCall, sampleCall } from "./sample-calls.ts";
