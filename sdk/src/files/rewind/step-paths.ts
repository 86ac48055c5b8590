import { toHex } from "@excalibur/core/bytes";
import type { Landmarks, Lineage } from "./lineage.ts";

export interface Lineages {
  readonly was: Lineage;
  readonly is: Lineage;
}

/** Where things were and are, as people read it. */
export class StepPaths {
  readonly #marks: Landmarks;
  readonly #lineages: Lineages;
  readonly #was = new Map<string, string>();
  readonly #is = new Map<string, string | undefined>();
  #top: string | undefined;

  constructor(marks: Landmarks, lineages: Lineages) {
    this.#marks = marks;
    this.#lineages = lineages;
  }

  /** As it was, below where the folder in question is now. */
  async was(nodeId: Uint8Array, name: string): Promise<string> {
    const key = toHex(nodeId);
    let path = this.#was.get(key);
    if (path === undefined) {
      const { folderId, rootId, rootPath } = this.#marks;
      this.#top ??= join(rootPath, (await this.#lineages.is.pathOf(folderId, rootId)) ?? "");
      const below = await this.#lineages.was.pathOf(nodeId, folderId);
      path = below === undefined ? `${this.#top}/…` : join(this.#top, below);
      this.#was.set(key, path);
    }
    return join(path, name) || "/";
  }

  /** null in the trash, or where nothing leads. */
  async is(nodeId: Uint8Array, name: string): Promise<string | null> {
    const { rootId, rootPath } = this.#marks;
    const key = toHex(nodeId);
    if (!this.#is.has(key)) this.#is.set(key, await this.#lineages.is.pathOf(nodeId, rootId));
    const path = this.#is.get(key);
    return path === undefined ? null : join(join(rootPath, path), name);
  }
}

function join(path: string, name: string): string {
  return name === "" ? path : `${path}/${name}`;
}
