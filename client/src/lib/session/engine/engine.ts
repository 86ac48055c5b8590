import { AccountDesk, type DeskOptions } from "./account-desk.ts";
import { FolderDesk } from "./folder-desk.ts";
import { RewindDesk } from "./rewind-desk.ts";
import { SharingDesk } from "./sharing-desk.ts";
import { StorageDesk } from "./storage-desk.ts";
import { StreamDesk } from "./stream-desk.ts";
import { ThumbnailDesk } from "./thumbnail-desk.ts";
import { TransferDesk } from "./transfer-desk.ts";

/**
 * [Note: The engine]
 * The whole sdk runs in one worker for each window: keys, ciphers, the stretching of passwords, the checking of
 * histories. The page draws, and asks through a narrow wall of plain values; nothing it does waits for arithmetic. Each
 * desk is one part of that wall.
 */
export class Engine {
  readonly accounts: AccountDesk;
  readonly folders: FolderDesk;
  readonly rewinds: RewindDesk;
  readonly sharing: SharingDesk;
  readonly storage: StorageDesk;
  readonly streams: StreamDesk;
  readonly thumbnails: ThumbnailDesk;
  readonly transfers: TransferDesk;

  constructor(options: DeskOptions) {
    this.accounts = new AccountDesk(options);
    this.folders = new FolderDesk(this.accounts);
    this.rewinds = new RewindDesk(this.accounts);
    this.sharing = new SharingDesk(this.accounts);
    this.storage = new StorageDesk(this.accounts);
    this.streams = new StreamDesk(this.accounts);
    this.thumbnails = new ThumbnailDesk(this.accounts);
    this.transfers = new TransferDesk(this.accounts, this.thumbnails);
  }
}
