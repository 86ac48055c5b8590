export { callback, handOver } from "./connect.ts";
export { EngineError, failureOf, isAway, isDamage } from "./engine/failure.ts";
export type { Offered } from "./engine/sharing-desk.ts";
export type * from "./engine/stream-types.ts";
export type * from "./engine/transfer-types.ts";
export type * from "./engine/types.ts";
export { IdleWatch, noteTouch, sharedTouch, type TouchMemory } from "./idle-watch.ts";
export { type Offline, Session, type SessionState } from "./session.ts";
export { withPassword } from "./with-password.ts";
