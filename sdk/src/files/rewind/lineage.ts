import { equalBytes, toHex } from "@excalibur/core/bytes";
import type { VolumeReader } from "../../volumes/index.ts";

/** Which part of the volume a folder belongs to. `unknown`: the page that says it cannot be read. */
export type Side = "inside" | "trash" | "outside" | "unknown";

export interface Landmarks {
  readonly folderId: Uint8Array;
  readonly rootId: Uint8Array;
  readonly trashId: Uint8Array;
  /** Where the root is, for people: "" for that of the drive, the path of the mount for another volume's. */
  readonly rootPath: string;
}

/** Where folders are at one state, told by their own parent fields (spec/volumes.md §3). */
export class Lineage {
  readonly #reader: VolumeReader;
  readonly #marks: Landmarks;
  readonly #sides = new Map<string, Side>();

  constructor(reader: VolumeReader, marks: Landmarks) {
    this.#reader = reader;
    this.#marks = marks;
  }

  /** Whether a folder is the folder in question or below it, in the trash, or elsewhere. */
  async sideOf(nodeId: Uint8Array): Promise<Side> {
    const climbed: string[] = [];
    let side: Side | undefined;
    for (let at: Uint8Array = nodeId; side === undefined; ) {
      const key = toHex(at);
      const step = this.#sides.get(key) ?? (climbed.includes(key) ? "outside" : await this.#sideAt(at));
      climbed.push(key);
      if (typeof step === "string") side = step;
      else at = step;
    }
    for (const key of climbed) this.#sides.set(key, side);
    return side;
  }

  async #sideAt(at: Uint8Array): Promise<Side | Uint8Array> {
    const { folderId, rootId, trashId } = this.#marks;
    if (equalBytes(at, folderId)) return "inside";
    if (equalBytes(at, trashId)) return "trash";
    if (equalBytes(at, rootId) || !this.#reader.hasFolder(at)) return "outside";
    const { parentNodeId } = await this.#reader.readFolder(at);
    return parentNodeId === undefined ? "unknown" : (parentNodeId ?? "outside");
  }

  /** The path from the top (the folder in question, or the root) down to a folder; undefined when it leads elsewhere. */
  async pathOf(nodeId: Uint8Array, top: Uint8Array): Promise<string | undefined> {
    const names: string[] = [];
    let at = nodeId;
    for (let steps = 0; steps < 10_000; steps++) {
      if (equalBytes(at, top)) return names.reverse().join("/");
      if (!this.#reader.hasFolder(at)) return undefined;
      const parentId: Uint8Array | null | undefined = (await this.#reader.readFolder(at)).parentNodeId;
      if (!parentId || !this.#reader.hasFolder(parentId)) return undefined;
      const here = at;
      const { entries } = await this.#reader.readFolder(parentId);
      const entry = entries.find(({ childId }) => equalBytes(childId, here));
      if (entry === undefined) return undefined;
      names.push(entry.name);
      at = parentId;
    }
    return undefined;
  }
}
