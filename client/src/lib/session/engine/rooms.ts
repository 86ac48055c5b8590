import type { Account, Drive } from "@excalibur/sdk";
import type { EngineEvent, Role } from "./types.ts";

/** What can be looked at, fetched and filled, whoever opened it: the account of this browser, or a visitor of a link. */
export interface Rooms extends Pick<Drive, "files" | "downloads" | "uploads" | "notes"> {
  /** Who opened it. */
  readonly owner: object;
  /** What may be done in a folder; undefined: it is one's own. */
  roleAt(folderId: Uint8Array): Promise<Role | undefined>;
}

export interface RoomsHolder {
  /** Throws LockedError. */
  rooms(): Promise<Rooms>;
  /** Whether that is who holds them open now. */
  isOpen(owner: object): boolean;
  tell(event: EngineEvent): void;
}

export async function roomsOf(account: Account): Promise<Rooms> {
  const { files, downloads, uploads, notes, volumes } = await account.drive();
  return {
    ...{ files, downloads, uploads, notes, owner: account },
    roleAt: async (folderId) => {
      const { volume } = await volumes.place(folderId);
      return volume === volumes.home ? undefined : volume.members().role;
    },
  };
}
