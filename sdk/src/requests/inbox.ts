import { fromBase64Url, toBase64Url } from "@excalibur/core/bytes";
import type { Downloader } from "../download/index.ts";
import type { FileDraft, Files } from "../files/index.ts";
import type { FileContent } from "../volumes/index.ts";
import { ITEMS_AT_ONCE, type OwnerApi, type WaitingItem } from "./api.ts";
import {
  equalBytes,
  filedProof,
  InboxOpener,
  type ItemDescription,
  type KeptRequest,
  type RequestIdentity,
} from "./crypto.ts";
import { ItemMismatchError, UnknownItemError } from "./errors.ts";
import { isOfType } from "./file-types.ts";
import type { InboxItem, SettledItem } from "./types.ts";

type Options = { readonly signal?: AbortSignal };

/** Entries of one commit at most. */
const FILED_AT_ONCE = 2_000;

export interface InboxOptions {
  readonly api: OwnerApi;
  readonly kept: KeptRequest;
  readonly identity: RequestIdentity;
  readonly types: readonly string[];
  readonly files: Files;
  readonly downloads: Downloader;
}

type Opened =
  | { readonly item: WaitingItem; readonly description: ItemDescription }
  | { readonly item: WaitingItem; readonly problem: Error };
type Good = Extract<Opened, { description: ItemDescription }>;

/** What waits for one request. Every look at it asks the server and opens what it says: nothing of it is remembered. */
export class Inbox {
  readonly #options: InboxOptions;
  readonly #opener: InboxOpener;

  constructor(options: InboxOptions) {
    this.#options = options;
    this.#opener = new InboxOpener(options.identity, options.kept.sealingSeed);
  }

  async list(options: Options): Promise<InboxItem[]> {
    return (await this.#open(options)).map((opened) => this.#present(opened));
  }

  async verify(itemIds: readonly string[], options: Options): Promise<unknown[]> {
    const wanted = await this.#wanted(itemIds, options);
    const outcomes = new Map<string, unknown>();
    const good = wanted.filter((opened) => "description" in opened);
    for (const opened of wanted) if ("problem" in opened) outcomes.set(idOf(opened), opened.problem);
    const requests = good.map((opened) => ({ file: contentOf(opened), id: idOf(opened) }));
    const onResult = ({ request, error }: { readonly request: { readonly id: string }; readonly error?: unknown }) => {
      if (error !== undefined) outcomes.set(request.id, error);
    };
    await this.#options.downloads.download(requests, { ...options, onResult });
    return wanted.map((opened) => outcomes.get(idOf(opened)));
  }

  async accept(
    { folderId, itemIds }: { readonly folderId: Uint8Array; readonly itemIds?: readonly string[] },
    options: Options,
  ): Promise<SettledItem[]> {
    const all = itemIds === undefined ? await this.#open(options) : await this.#wanted(itemIds, options);
    const settled: SettledItem[] = [];
    const good: Good[] = [];
    for (const opened of all) {
      if ("description" in opened) good.push(opened);
      else if (itemIds !== undefined) settled.push({ id: idOf(opened), path: [], error: opened.problem });
    }
    for (let at = 0; at < good.length; at += FILED_AT_ONCE) {
      settled.push(...(await this.#file(folderId, good.slice(at, at + FILED_AT_ONCE), options)));
    }
    return settled;
  }

  async reject(itemIds: readonly string[], options: Options): Promise<void> {
    const ids = itemIds.map(fromBase64Url);
    for (let at = 0; at < ids.length; at += ITEMS_AT_ONCE) {
      const rejected = ids.slice(at, at + ITEMS_AT_ONCE);
      await this.#options.api.settle(this.#options.kept.requestId, { rejected }, options);
    }
  }

  async #file(folderId: Uint8Array, good: readonly Good[], options: Options): Promise<SettledItem[]> {
    const folders = await this.#makeFolders(folderId, good, options);
    const settled = new Map<Good, SettledItem>();
    const drafts: { readonly opened: Good; readonly draft: FileDraft }[] = [];
    const filed = await this.#filedBefore(folders, options);
    for (const opened of good) {
      const { description } = opened;
      const place = folders.get(folderKey(description));
      const name = description.path.at(-1) as string;
      const id = idOf(opened);
      if (place === undefined || place instanceof Error) {
        settled.set(opened, { id, path: description.path, error: place });
        continue;
      }
      // Filed before, and the answer was lost: only the inbox does not know it yet.
      const before = filed.get(id);
      if (before !== undefined) settled.set(opened, { id, path: description.path, name: before, folderId: place });
      else drafts.push({ opened, draft: draftOf(opened, { folderId: place, name }) });
    }
    const outcomes = await this.#options.files.put(
      drafts.map(({ draft }) => draft),
      options,
    );
    for (const [at, { opened, draft }] of drafts.entries()) {
      const outcome = outcomes[at];
      const whose = { id: idOf(opened), path: opened.description.path };
      if (outcome && "put" in outcome)
        settled.set(opened, { ...whose, name: outcome.put.name, folderId: draft.folderId });
      else settled.set(opened, { ...whose, error: outcome?.error });
    }
    await this.#settle(
      good.filter((opened) => "name" in (settled.get(opened) as SettledItem)),
      options,
    );
    return good.map((opened) => settled.get(opened) as SettledItem);
  }

  /** nodeIds by folder, or why there is none. One folder that cannot be made does not stop the others. */
  async #makeFolders(
    folderId: Uint8Array,
    good: readonly Good[],
    options: Options,
  ): Promise<Map<string, Uint8Array | Error>> {
    const { files } = this.#options;
    const paths = new Map(good.map(({ description }) => [folderKey(description), description.path.slice(0, -1)]));
    const keys = [...paths.keys()];
    try {
      const made = await files.makeTree(folderId, [...paths.values()], options);
      return new Map(keys.map((key, at) => [key, made[at] as Uint8Array]));
    } catch (error) {
      options.signal?.throwIfAborted();
      if (keys.length === 1) return new Map([[keys[0] as string, error as Error]]);
    }
    const each = new Map<string, Uint8Array | Error>();
    for (const [key, path] of paths) {
      try {
        each.set(key, (await files.makeTree(folderId, [path], options))[0] as Uint8Array);
      } catch (error) {
        options.signal?.throwIfAborted();
        each.set(key, error as Error);
      }
    }
    return each;
  }

  /** Names of what the folders list already, by objectId as base64url. */
  async #filedBefore(folders: ReadonlyMap<string, Uint8Array | Error>, options: Options): Promise<Map<string, string>> {
    const names = new Map<string, string>();
    for (const folderId of folders.values()) {
      if (folderId instanceof Error) continue;
      for (const { name, entry } of (await this.#options.files.list(folderId, options)).items) {
        if (entry.file !== undefined) names.set(toBase64Url(entry.file.objectId), name);
      }
    }
    return names;
  }

  async #settle(good: readonly Good[], options: Options): Promise<void> {
    const { requestId } = this.#options.kept;
    const filed = good.map(({ description }) => {
      const { objectId, root, receiptKey } = description;
      return { objectId, proof: filedProof(receiptKey, { requestId, objectId, root }) };
    });
    for (let at = 0; at < filed.length; at += ITEMS_AT_ONCE) {
      await this.#options.api.settle(requestId, { filed: filed.slice(at, at + ITEMS_AT_ONCE) }, options);
    }
  }

  async #wanted(itemIds: readonly string[], options: Options): Promise<Opened[]> {
    const all = new Map((await this.#open(options)).map((opened) => [idOf(opened), opened]));
    return itemIds.map((id) => {
      const opened = all.get(id);
      if (opened === undefined) throw new UnknownItemError();
      return opened;
    });
  }

  async #open(options: Options): Promise<Opened[]> {
    const { api, kept } = this.#options;
    const opened: Opened[] = [];
    for await (const slice of api.items(kept.requestId, options)) {
      for (const item of slice) opened.push(await this.#openOne(item));
    }
    return opened;
  }

  /** Whatever a stranger or the server made of an item, it concerns that item alone. */
  async #openOne(item: WaitingItem): Promise<Opened> {
    try {
      const description = await this.#opener.open(item.description, item.objectId);
      const isSame = equalBytes(description.root, item.root) && description.ciphertextLength === item.ciphertextLength;
      return isSame ? { item, description } : { item, problem: new ItemMismatchError() };
    } catch (error) {
      return { item, problem: error as Error };
    }
  }

  #present(opened: Opened): InboxItem {
    const { item } = opened;
    const known = { id: idOf(opened), arrivedMs: item.arrivedMs };
    if ("problem" in opened) return { ...UNREADABLE, ...known, problem: opened.problem };
    const { path, sizeBytes, modifiedMs, mediaType, sender, note, receiptKey } = opened.description;
    const isUnexpected = !isOfType(path.at(-1) as string, this.#options.types);
    const receipt = this.#opener.receiptOf(receiptKey);
    return { ...known, state: "sealed", path, sizeBytes, modifiedMs, mediaType, isUnexpected, sender, note, receipt };
  }
}

const UNREADABLE = {
  state: "unreadable",
  path: [],
  sizeBytes: 0,
  modifiedMs: 0,
  mediaType: "",
  isUnexpected: false,
  sender: undefined,
  note: undefined,
  receipt: undefined,
} as const;

function idOf({ item }: Opened): string {
  return toBase64Url(item.objectId);
}

function folderKey({ path }: ItemDescription): string {
  return path.slice(0, -1).join("/");
}

function contentOf({ description }: Good): FileContent {
  const { objectId, fileKey, root, ciphertextLength, sizeBytes, mediaType } = description;
  return { objectId, fileKey, root, ciphertextLength, sizeBytes, mediaType, versions: [] };
}

function draftOf(
  opened: Good,
  { folderId, name }: { readonly folderId: Uint8Array; readonly name: string },
): FileDraft {
  const { versions: _, ...content } = contentOf(opened);
  return { folderId, name, modifiedMs: opened.description.modifiedMs, content, onConflict: "keep-both" };
}
