import { proxy, type Remote, transfer, wrap } from "comlink";
import type { AccountDesk } from "./engine/account-desk.ts";
import type { ClaimDesk } from "./engine/claim-desk.ts";
import type { Engine } from "./engine/engine.ts";
import { EngineError } from "./engine/failure.ts";
import type { FolderDesk } from "./engine/folder-desk.ts";
import type { LinkDesk } from "./engine/link-desk.ts";
import type { RequestDesk } from "./engine/request-desk.ts";
import type { RewindDesk } from "./engine/rewind-desk.ts";
import type { SavingDesk } from "./engine/saving-desk.ts";
import type { SendingDesk } from "./engine/sending-desk.ts";
import type { SharingDesk } from "./engine/sharing-desk.ts";
import type { StorageDesk } from "./engine/storage-desk.ts";
import type { StreamDesk } from "./engine/stream-desk.ts";
import type { ThumbnailDesk } from "./engine/thumbnail-desk.ts";
import type { TransferDesk } from "./engine/transfer-desk.ts";
import type { VisitDesk } from "./engine/visit-desk.ts";
import { buildWall } from "./engine/wall.ts";

/** The engine as the page has it: every call is a message, every answer a promise. */
export interface RemoteEngine {
  readonly accounts: Remote<AccountDesk>;
  readonly claims: Remote<ClaimDesk>;
  readonly folders: Remote<FolderDesk>;
  readonly links: Remote<LinkDesk>;
  readonly requests: Remote<RequestDesk>;
  readonly rewinds: Remote<RewindDesk>;
  readonly saves: Remote<SavingDesk>;
  readonly sending: Remote<SendingDesk>;
  readonly sharing: Remote<SharingDesk>;
  readonly storage: Remote<StorageDesk>;
  readonly streams: Remote<StreamDesk>;
  readonly thumbnails: Remote<ThumbnailDesk>;
  readonly transfers: Remote<TransferDesk>;
  readonly visits: Remote<VisitDesk>;
}

/** Starts the worker that holds the keys. `onLost` is told when it dies, after which nothing answers any more. */
export function connectEngine(onLost: (error: EngineError) => void): RemoteEngine {
  buildWall();
  const worker = new Worker(new URL("./engine/engine.worker.ts", import.meta.url), { type: "module", name: "engine" });
  worker.addEventListener("error", ({ message }) => onLost(new EngineError({ code: "engine_lost", message })));
  // comlink follows a path of names to a function; its types know that of marked objects only.
  return wrap<Engine>(worker) as unknown as RemoteEngine;
}

/** For functions that the worker calls back. */
/** For what the worker gets instead of a copy. */
export { proxy as callback, transfer as handOver };
