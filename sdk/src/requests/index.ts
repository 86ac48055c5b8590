/** Upload requests: an inbox into which strangers send, for its owner; and sending without an account. */

export {
  ItemMismatchError,
  NoRequestError,
  NotSendableError,
  RequestAddressError,
  RequestTextError,
  UnknownItemError,
  UnknownRequestError,
} from "./errors.ts";
export type { RequestsOptions } from "./requests.ts";
export { DEFAULT_CAPS, Requests } from "./requests.ts";
export { Sending } from "./sending.ts";
export type * from "./types.ts";
