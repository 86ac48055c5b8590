import { setImmediate as breathe } from "node:timers/promises";
import { ExcaliburError, fromBase64Url, toHex } from "@excalibur/core/bytes";
import { decodeCommit } from "@excalibur/core/volume/record";
import { NetworkError } from "@excalibur/sdk";
import type { Item } from "@excalibur/sdk/files";
import { bytesSource, type Device } from "../world/index.ts";
import { type ModelRef, type Policy, sorted, TreeModel } from "./tree-model.ts";

/** A number from 0 to 1, the same ones for the same seed. */
export type Random = () => number;

export function randomFrom(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

export function pick<T>(random: Random, from: readonly T[]): T | undefined {
  return from[Math.floor(random() * from.length)];
}

/** One thing that somebody did, or tried to do. */
export interface Deed {
  readonly what: string;
  /** Plays a commit of it on the model; the n-th, for what takes several. */
  readonly play: (model: TreeModel, commit: number) => void;
  /** Of the commits that were sent for it; which of them the server took, its history says. */
  readonly sent: Set<string>;
  /** undefined: it was acknowledged. */
  error?: unknown;
  /** It may be done without any commit: what was wanted was so already. */
  readonly mayBeNothing: boolean;
}

type Draft = Omit<Deed, "sent" | "error"> & { readonly run: () => Promise<void> };

export interface PlayerOptions {
  readonly device: Device;
  readonly random: Random;
  /** Of every exchange, so many in a hundred are lost on the way, and so many on the way back. */
  readonly lossPercent: number;
}

let contents = 0;

/** Somebody at a device with a bad connection, who decides by what the device shows, however old that is. */
export class Player {
  readonly deeds: Deed[] = [];
  readonly #device: Device;
  readonly #random: Random;
  readonly #known: Set<string>;
  #sent = new Set<string>();

  constructor({ device, random, lossPercent }: PlayerOptions, known: Set<string>) {
    this.#device = device;
    this.#random = random;
    this.#known = known;
    device.network.interfere("*", (_, ask) => this.#travel(ask, lossPercent));
    device.network.interfere("postCommit", ({ body }, ask) => {
      const { commit } = JSON.parse(new TextDecoder().decode(body)) as { commit: string };
      this.#sent.add(toHex(decodeCommit(fromBase64Url(commit)).hash));
      return this.#travel(ask, lossPercent);
    });
  }

  async #travel<T>(ask: () => Promise<T>, lossPercent: number): Promise<T> {
    const fate = this.#random() * 100;
    for (let waits = Math.floor(this.#random() * 6); waits > 0; waits--) await breathe();
    if (fate < lossPercent) throw new NetworkError("Lost on the way.");
    const answer = await ask();
    if (fate < 2 * lossPercent) throw new NetworkError("Lost on the way back.");
    return answer;
  }

  async play(count: number): Promise<void> {
    for (let left = count; left > 0; left--) {
      if (this.#random() < 0.3) await this.#ignoreNetwork(() => this.#device.catchUp());
      const draft = await this.#decide();
      if (draft !== undefined) await this.#do(draft);
    }
  }

  /** Does one thing, whatever comes of it. */
  async #do({ run, ...draft }: Draft): Promise<void> {
    this.#sent = new Set();
    const deed: Deed = { ...draft, sent: this.#sent };
    this.deeds.push(deed);
    try {
      await run();
    } catch (error) {
      if (!(error instanceof ExcaliburError)) throw error;
      deed.error = error;
    }
  }

  async #ignoreNetwork(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (!(error instanceof NetworkError)) throw error;
    }
  }

  async #decide(): Promise<Draft | undefined> {
    const { volume, files } = await this.#device.drive;
    const items: Item[] = [];
    const trashed: Item[] = [];
    try {
      for await (const walked of files.walk(files.rootId)) if ("item" in walked) items.push(walked.item);
      trashed.push(...(await files.listTrash()).items);
    } catch (error) {
      if (error instanceof NetworkError) return undefined;
      throw error;
    }
    const random = this.#random;
    const isKnown = ({ childId }: Item) => this.#known.has(toHex(childId));
    const item = pick(random, items.filter(isKnown));
    const waste = pick(random, trashed.filter(isKnown));
    const folders = [
      volume.volumeId,
      ...items.filter((each) => each.type === "folder" && isKnown(each)).map(({ childId }) => childId),
    ];
    const folderId = pick(random, folders) as Uint8Array;
    const name = pick(random, ["a", "b", "c.txt", "d.txt"]) as string;
    const nodeOf = (id: Uint8Array) => this.#modelId(id, volume.volumeId);
    const refOf = ({ parentId, childId }: Item): ModelRef => ({ parent: nodeOf(parentId), id: toHex(childId) });
    const trashRef = (each: Item): ModelRef => ({ parent: TreeModel.trash, id: toHex(each.childId) });
    const kind = pick(random, [
      "folder",
      "write",
      "write",
      "write",
      "rename",
      "move",
      "move",
      "trash",
      "restore",
      "delete",
      "copy",
    ]);
    if (kind === "folder") return this.#makeFolder(folderId, name, nodeOf(folderId));
    if (kind === "write") return this.#write(folderId, name, nodeOf(folderId));
    if (item === undefined) return undefined;
    if (kind === "rename") {
      return {
        what: "rename",
        mayBeNothing: true,
        run: () => files.rename(item, name),
        play: (model) => model.rename(refOf(item), name, item.entry.name),
      };
    }
    if (kind === "move") {
      const to = nodeOf(folderId);
      return {
        what: "move",
        mayBeNothing: true,
        run: async () => void (await files.move(item, { folderId })),
        play: (model) => model.move(refOf(item), to),
      };
    }
    if (kind === "trash") {
      const run = async (): Promise<void> => {
        await files.trash([item], { massDeletion: "meant" });
      };
      return { what: "trash", mayBeNothing: false, run, play: (model) => model.trash(refOf(item)) };
    }
    if (kind === "copy") return this.#copy(item, folderId, { ref: refOf(item), to: nodeOf(folderId) });
    if (waste === undefined) return undefined;
    if (kind === "restore") {
      const run = async () => void (await files.restore(waste));
      return { what: "restore", mayBeNothing: false, run, play: (model) => model.restore(trashRef(waste)) };
    }
    const run = () => files.deleteForGood([waste], { massDeletion: "meant" });
    return { what: "delete", mayBeNothing: false, run, play: (model) => model.deleteForGood(trashRef(waste)) };
  }

  #modelId(id: Uint8Array, volumeId: Uint8Array): string {
    return toHex(id) === toHex(volumeId) ? TreeModel.root : toHex(id);
  }

  #makeFolder(folderId: Uint8Array, name: string, parent: string): Draft {
    let id: string | undefined;
    return {
      what: "folder",
      mayBeNothing: false,
      run: async () => {
        const { files } = await this.#device.drive;
        id = this.#learn(await files.makeFolder(folderId, name));
      },
      play: (model) => void model.makeFolder(parent, name, id),
    };
  }

  #write(folderId: Uint8Array, name: string, parent: string): Draft {
    contents += 1;
    const size = contents;
    const policy = pick(this.#random, ["fail", "replace", "keep-both"]) as Policy;
    let id: string | undefined;
    return {
      what: `write (${policy})`,
      mayBeNothing: false,
      run: async () => {
        const { uploads } = await this.#device.drive;
        const source = bytesSource(name, new Uint8Array(size).fill(size % 256));
        let failure: unknown;
        await uploads.upload([{ open: async () => source, folderId, name, onConflict: policy }], {
          onResult: (result) => {
            if ("error" in result) failure = result.error;
            else id = this.#learn(result.put.childId);
          },
        });
        if (failure !== undefined) throw failure;
      },
      play: (model) => {
        const put = model.write(parent, { name, size, policy }, id);
        if (id !== undefined && put !== id) throw new Error("Another file was replaced than the one that was.");
      },
    };
  }

  #copy(item: Item, folderId: Uint8Array, { ref, to }: { readonly ref: ModelRef; readonly to: string }): Draft {
    let top = "";
    return {
      what: "copy",
      mayBeNothing: false,
      run: async () => (await this.#device.drive).files.copy(item, { folderId }),
      play: (model, commit) => {
        if (item.type === "file") model.copyFile(ref, to);
        else if (commit === 0) top = model.beginFolderCopy(ref, to);
        else model.fillFolderCopy(ref.id, top);
      },
    };
  }

  #learn(id: Uint8Array): string {
    this.#known.add(toHex(id));
    return toHex(id);
  }
}

/** A drive as a device has it, in the words of the model. */
export async function describeDrive(device: Device, where: "root" | "trash"): Promise<unknown[]> {
  const { files } = await device.drive;
  const { items } = where === "root" ? await files.list(files.rootId) : await files.listTrash();
  const below = async (folderId: Uint8Array): Promise<unknown[]> => {
    const listing = await files.list(folderId);
    if (listing.damage.length > 0) throw listing.damage[0];
    return await describeItems(listing.items);
  };
  const describeItems = async (some: readonly Item[]): Promise<unknown[]> => {
    const described: unknown[] = [];
    for (const { entry, type, childId } of some) {
      const sizes = [entry.file?.sizeBytes, ...(entry.file?.versions ?? []).map(({ sizeBytes }) => sizeBytes)];
      described.push(type === "folder" ? [entry.name, await below(childId)] : [entry.name, ...sizes]);
    }
    return sorted(described);
  };
  return await describeItems(items);
}
