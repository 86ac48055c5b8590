import { fromBase64Url, toBase64Url } from "@excalibur/core/bytes";
import type { Item, ItemRef as SdkItemRef } from "@excalibur/sdk";
import { NotFoundError } from "@excalibur/sdk";
import type { AccountDesk } from "./account-desk.ts";
import type { FileItem, FolderView, ItemRef } from "./types.ts";

/** The tree, as the page sees it. */
export class FolderDesk {
  readonly #accounts: AccountDesk;

  constructor(accounts: AccountDesk) {
    this.#accounts = accounts;
  }

  /** Without an id: the root. Throws FolderMissingError, NotFoundError. */
  async list(folderId?: string): Promise<FolderView> {
    const { files } = await this.#accounts.account.drive();
    const nodeId = folderId === undefined ? files.rootId : fromBase64Url(folderId);
    const { items, damage } = await files.list(nodeId);
    const steps = await files.stepsTo(nodeId);
    if (steps === undefined) throw new NotFoundError();
    const below = steps.map(({ childId, name }) => ({ id: toBase64Url(childId), name }));
    return {
      folderId: toBase64Url(nodeId),
      path: [{ id: toBase64Url(files.rootId), name: "" }, ...below],
      items: items.map(present),
      isDamaged: damage.length > 0,
    };
  }

  async listTrash(): Promise<Pick<FolderView, "items" | "isDamaged">> {
    const { files } = await this.#accounts.account.drive();
    const { items, damage } = await files.listTrash();
    return { items: items.map(present), isDamaged: damage.length > 0 };
  }

  async makeFolder(parentId: string, name: string): Promise<string> {
    const { files } = await this.#accounts.account.drive();
    return toBase64Url(await files.makeFolder(fromBase64Url(parentId), name));
  }

  async rename(ref: ItemRef, name: string): Promise<void> {
    const { files } = await this.#accounts.account.drive();
    await files.rename(toSdk(ref), name);
  }

  async trash(refs: readonly ItemRef[]): Promise<void> {
    const { files } = await this.#accounts.account.drive();
    await files.trash(refs.map(toSdk));
  }

  async restore(ref: ItemRef): Promise<void> {
    const { files } = await this.#accounts.account.drive();
    await files.restore(toSdk(ref));
  }

  async deleteForGood(refs: readonly ItemRef[]): Promise<void> {
    const { files } = await this.#accounts.account.drive();
    await files.deleteForGood(refs.map(toSdk));
  }
}

export function toSdk({ parentId, id }: ItemRef): SdkItemRef {
  return { parentId: fromBase64Url(parentId), childId: fromBase64Url(id) };
}

function present(item: Item): FileItem {
  const { parentId, childId, type, name, modifiedMs, entry } = item;
  const sizeBytes = entry.file?.sizeBytes;
  return { parentId: toBase64Url(parentId), id: toBase64Url(childId), type, name, modifiedMs, sizeBytes };
}
