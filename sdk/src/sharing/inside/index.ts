/** Shared folders inside shared folders. */

export { putBackAdrift } from "./adrift.ts";
export type { CarryContext } from "./carry.ts";
export { ledInto, outermost } from "./in-place.ts";
export { findKeptOut } from "./kept-out.ts";
export { endSharing, letGuestIn, letIn, previewTakingOff, takeOff } from "./letting-in.ts";
export type * from "./types.ts";
