/** Calls of one server: signed, retried, decoded into values or typed errors. */

export type { ServerAddress } from "./address.ts";
export { addressText, parseServerAddress } from "./address.ts";
export type { SessionSigner } from "./crypto.ts";
export { createSessionKey, randomFraction, seedSigner } from "./crypto.ts";
export type { ProblemFacts } from "./errors.ts";
export {
  ApiError,
  GatewayError,
  MalformedReplyError,
  MissingError,
  ServerAddressError,
  SessionEndedError,
  TruncatedReplyError,
  UpgradeNeededError,
} from "./errors.ts";
export type { HttpTransportOptions } from "./http-transport.ts";
export { HttpTransport } from "./http-transport.ts";
export { readBounded } from "./reply.ts";
export { withRetry } from "./retry.ts";
export type { CallOptions, CallReply, RawBody, RawReply, Transport } from "./types.ts";
