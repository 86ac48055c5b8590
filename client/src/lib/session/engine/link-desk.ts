import { toBase64Url } from "@excalibur/core/bytes";
import type { LinkId } from "@excalibur/core/protocol";
import type { Drive, LinkInfo } from "@excalibur/sdk";
import type { AccountDesk } from "./account-desk.ts";
import type { LinkEdit, LinkEvent, LinkForm, LinkItem, PlacedLink } from "./link-types.ts";
import { findItem } from "./sharing-desk.ts";
import type { ItemRef } from "./types.ts";

/** Links into folders whose members this person decides on, as the page sees them. Their addresses cross: somebody is to copy them. */
export class LinkDesk {
  readonly #accounts: AccountDesk;

  constructor(accounts: AccountDesk) {
    this.#accounts = accounts;
  }

  /** Newest first; of what is not shared there are none. */
  async list(ref: ItemRef): Promise<LinkItem[]> {
    const { files, links } = await this.#drive();
    const volumeId = (await findItem(files, ref)).entry.mount?.volumeId;
    return volumeId === undefined ? [] : newestFirst((await links.list({ volumeId })).map(presentLink));
  }

  /** All of them, newest first, each with what it leads to. */
  async all(): Promise<PlacedLink[]> {
    const { links, sharing } = await this.#drive();
    const [found, folders] = await Promise.all([links.list(), sharing.folders()]);
    const places = new Map<string, PlacedLink["place"]>();
    for (const { item } of folders) {
      const { parentId, childId, name, type, entry } = item;
      if (entry.mount === undefined) continue;
      places.set(toBase64Url(entry.mount.volumeId), {
        parentId: toBase64Url(parentId),
        id: toBase64Url(childId),
        name,
        isFile: type === "file",
      });
    }
    return newestFirst(found.map(presentLink)).map((link) => ({ ...link, place: places.get(link.volumeId) }));
  }

  /** Paths, below an item, that a link to it would not lead to. */
  async notReached(ref: ItemRef): Promise<readonly string[]> {
    const { files, links } = await this.#drive();
    return await links.notReached(await findItem(files, ref));
  }

  /** What is not shared yet becomes shared. Throws NotShareableError, RoleError. */
  async create(ref: ItemRef, form: LinkForm): Promise<LinkItem> {
    const { files, links } = await this.#drive();
    const { notReached: _told, ...link } = await links.create(await findItem(files, ref), form);
    const made = presentLink(link);
    this.#accounts.tell({ type: "members" });
    this.#accounts.tell({ type: "changed" });
    this.#told(made.id);
    return made;
  }

  /** Throws UnknownLinkError, OthersLinkError. */
  async change(id: string, edit: LinkEdit): Promise<void> {
    const { links } = await this.#drive();
    await links.change(id as LinkId, edit);
    this.#told(id);
  }

  /** For ever; the folder gets a new key. Throws UnknownLinkError, RoleError. */
  async revoke(id: string): Promise<void> {
    const { links } = await this.#drive();
    await links.revoke(id as LinkId);
    this.#accounts.tell({ type: "changed" });
    this.#told(id);
  }

  /** Newest first. */
  async log(id: string): Promise<readonly LinkEvent[]> {
    const { links } = await this.#drive();
    return await links.log(id as LinkId);
  }

  #told(linkId: string): void {
    this.#accounts.tell({ type: "link", linkId, isUse: false });
  }

  async #drive(): Promise<Drive> {
    return await this.#accounts.account.drive();
  }
}

function newestFirst(links: LinkItem[]): LinkItem[] {
  return links.sort((a, b) => b.createdMs - a.createdMs);
}

export function presentLink({ volumeId, ...link }: LinkInfo): LinkItem {
  return { ...link, volumeId: toBase64Url(volumeId) };
}
