/** What a platform provides: types and two errors. Implementations belong to cli, the web client and tests. */

export type { CacheExpectation, CachePort, CachePut, CacheRow, CacheWrite } from "./cache.ts";
export type { ClockPort } from "./clock.ts";
export { LocalStateError, NetworkError } from "./errors.ts";
export type { FileSink, FileSource, ResumableSink, SealedSource } from "./files.ts";
export type { HttpPort, HttpReply, HttpRequest } from "./http.ts";
export type { LoggerPort } from "./logger.ts";
export type {
  ContentKind,
  ObjectAmongOthers,
  ObjectSeal,
  OpenedObject,
  OpenedSegments,
  OpenObjectsJob,
  OpenSegmentsJob,
  SealedPart,
  SealedWhole,
  SealerPort,
  SealPartJob,
} from "./sealer.ts";
export type { SecretStorePort } from "./secret-store.ts";
export type { Socket, SocketListener, SocketPort } from "./socket.ts";

import type { CachePort } from "./cache.ts";
import type { ClockPort } from "./clock.ts";
import type { HttpPort } from "./http.ts";
import type { LoggerPort } from "./logger.ts";
import type { SealerPort } from "./sealer.ts";
import type { SecretStorePort } from "./secret-store.ts";
import type { SocketPort } from "./socket.ts";

/** Everything the sdk needs of its platform. */
export interface Ports {
  readonly http: HttpPort;
  readonly socket: SocketPort;
  readonly cache: CachePort;
  readonly secrets: SecretStorePort;
  readonly sealer: SealerPort;
  readonly clock: ClockPort;
  readonly logger: LoggerPort;
}
