/** Upload requests: what their address carries, the text they show, and what a sender seals to their owner (spec/requests.md). */

export { RequestItemError, RequestKeyError } from "./errors.ts";
export type { ItemDescription, OpenItemOptions, Sending } from "./item.ts";
export {
  createSending,
  ITEM_LIMITS,
  openItem,
  openSending,
  sealItem,
  sendingOf,
} from "./item.ts";
export type { KeptRequest } from "./kept-request.ts";
export { keptRequests, withKeptRequest, withoutKeptRequest } from "./kept-request.ts";
export { filedProof, isFiledProof, receiptCode } from "./receipt.ts";
export type { RequestKeys, RequestSecrets } from "./request-keys.ts";
export {
  createRequestSecrets,
  requestKeysOf,
  requestKnock,
  requireRequestKey,
  senderDeviceKey,
} from "./request-keys.ts";
export type { RequestText } from "./request-text.ts";
export { openRequestText, REQUEST_TEXT_LIMITS, sealRequestText } from "./request-text.ts";
export type { RequestAddress } from "./request-url.ts";
export { formatRequestUrl, isRequestUrl, parseRequestUrl } from "./request-url.ts";
