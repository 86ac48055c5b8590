import { toBase64Url } from "@excalibur/core/bytes";
import type { FileDraft } from "../files/index.ts";
import type { FileLister } from "../upload/index.ts";
import { ITEMS_AT_ONCE, post, type SenderTransport } from "./api.ts";
import { type SenderKeys, sealItem } from "./crypto.ts";
import type { SentFiles } from "./sent-files.ts";

/** A file on its way, by the folder and name that the upload knows it by. */
export interface OnItsWay {
  readonly path: readonly string[];
  readonly fingerprint: string;
}

export interface PosterOptions {
  readonly transport: SenderTransport;
  readonly keys: SenderKeys;
  readonly sent: SentFiles;
  readonly sender: string | undefined;
  readonly note: string | undefined;
  readonly onItsWay: (draft: FileDraft) => OnItsWay;
}

/** Where an upload of the drive lists files in folders, a sender's puts them into the inbox. */
export class Poster implements FileLister {
  readonly #options: PosterOptions;

  constructor(options: PosterOptions) {
    this.#options = options;
  }

  async put(drafts: readonly FileDraft[], options: { readonly signal?: AbortSignal } = {}) {
    const outcomes: Awaited<ReturnType<FileLister["put"]>> = [];
    for (let at = 0; at < drafts.length; at += ITEMS_AT_ONCE) {
      const some = drafts.slice(at, at + ITEMS_AT_ONCE);
      try {
        await this.#post(some, options);
        for (const { name, content } of some)
          outcomes.push({ put: { childId: content.objectId, name, replaced: false } });
      } catch (error) {
        for (const _ of some) outcomes.push({ error });
      }
    }
    return outcomes;
  }

  async #post(drafts: readonly FileDraft[], options: { readonly signal?: AbortSignal }): Promise<void> {
    const { transport, keys, sent, onItsWay } = this.#options;
    const items = await Promise.all(drafts.map((draft) => this.#seal(draft)));
    const arrivedMs = await post(transport, items, options);
    await sent.add(
      drafts.map((draft) => {
        const { objectId, root, sizeBytes } = draft.content;
        return { ...onItsWay(draft), objectId, root, sizeBytes, receiptKey: keys.receiptKey, arrivedMs };
      }),
    );
  }

  async #seal(draft: FileDraft): Promise<{ readonly objectId: Uint8Array; readonly description: Uint8Array }> {
    const { keys, sender, note, onItsWay } = this.#options;
    const { objectId, fileKey, root, ciphertextLength, sizeBytes, mediaType } = draft.content;
    const said = { ...(sender !== undefined && { sender }), ...(note !== undefined && { note }) };
    const description = await sealItem(keys.sending, {
      ...{ objectId, fileKey, root, ciphertextLength, sizeBytes, mediaType },
      ...{ path: onItsWay(draft).path, receiptKey: keys.receiptKey, modifiedMs: draft.modifiedMs },
      ...said,
    });
    return { objectId, description };
  }
}

/** By which the upload and its notes know a place. */
export function placeKey({ folderId, name }: Pick<FileDraft, "folderId" | "name">): string {
  return `${toBase64Url(folderId)}/${name}`;
}
