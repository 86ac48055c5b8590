import { AccountDesk, type DeskOptions } from "./account-desk.ts";
import type { ClaimDesk } from "./claim-desk.ts";
import type { FolderDesk } from "./folder-desk.ts";
import { later } from "./later.ts";
import type { LinkDesk } from "./link-desk.ts";
import type { RequestDesk } from "./request-desk.ts";
import type { RewindDesk } from "./rewind-desk.ts";
import type { SavingDesk } from "./saving-desk.ts";
import type { SendingDesk } from "./sending-desk.ts";
import type { SharingDesk } from "./sharing-desk.ts";
import type { StorageDesk } from "./storage-desk.ts";
import type { StreamDesk } from "./stream-desk.ts";
import type { ThumbnailDesk } from "./thumbnail-desk.ts";
import type { TransferDesk } from "./transfer-desk.ts";
import { VisitDesk } from "./visit-desk.ts";

/**
 * [Note: The engine]
 * The whole sdk runs in one worker for each window: keys, ciphers, the stretching of passwords, the checking of
 * histories. The page draws, and asks through a narrow wall of plain values; nothing it does waits for arithmetic. Each
 * desk is one part of that wall. What is there before anybody has signed in is the desk for accounts; the others are loaded
 * when they are first asked (docs/decisions/0052).
 */
export class Engine {
  readonly accounts: AccountDesk;
  readonly claims: ClaimDesk;
  readonly folders: FolderDesk;
  readonly links: LinkDesk;
  readonly requests: RequestDesk;
  readonly rewinds: RewindDesk;
  readonly saves: SavingDesk;
  readonly sending: SendingDesk;
  readonly sharing: SharingDesk;
  readonly storage: StorageDesk;
  readonly streams: StreamDesk;
  readonly thumbnails: ThumbnailDesk;
  readonly transfers: TransferDesk;
  readonly visits: VisitDesk;

  constructor(options: DeskOptions) {
    const accounts = new AccountDesk(options);
    const visits = new VisitDesk(accounts);
    this.accounts = accounts;
    this.visits = visits;
    this.claims = later(async () => new (await import("./claim-desk.ts")).ClaimDesk(accounts));
    this.folders = later(async () => new (await import("./folder-desk.ts")).FolderDesk(accounts, visits));
    this.links = later(async () => new (await import("./link-desk.ts")).LinkDesk(accounts));
    this.requests = later(async () => new (await import("./request-desk.ts")).RequestDesk(accounts));
    this.rewinds = later(async () => new (await import("./rewind-desk.ts")).RewindDesk(accounts));
    this.saves = later(async () => new (await import("./saving-desk.ts")).SavingDesk(accounts, visits));
    this.sending = later(async () => new (await import("./sending-desk.ts")).SendingDesk(accounts));
    this.sharing = later(async () => new (await import("./sharing-desk.ts")).SharingDesk(accounts));
    this.storage = later(async () => new (await import("./storage-desk.ts")).StorageDesk(accounts));
    this.streams = later(async () => new (await import("./stream-desk.ts")).StreamDesk(visits));
    this.thumbnails = later(async () => new (await import("./thumbnail-desk.ts")).ThumbnailDesk(visits));
    const { thumbnails } = this;
    this.transfers = later(async () => new (await import("./transfer-desk.ts")).TransferDesk(visits, thumbnails));
  }
}
