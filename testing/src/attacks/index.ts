/** What a hostile server, network or member does, with full knowledge of the formats. */

export type { Lies } from "./aftermath.ts";
export { expectRefused, refusalOf, truthOf } from "./aftermath.ts";
export { writeUnreadablePage } from "./bad-client.ts";
export type { ForgeryOptions, StoredObject } from "./forged-object.ts";
export { segmentOf, segmentsOf, serveInstead, stealObject } from "./forged-object.ts";
export { forgetDrive } from "./forget-drive.ts";
export type { WireHead } from "./shared-folder.ts";
export { acceptFirst, handOf, headOf, offeredTo, share } from "./shared-folder.ts";
