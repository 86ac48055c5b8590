import { writeError } from "./disk-errors.ts";
import type { Disk } from "./disk-port.ts";
import { isShardName, type Layout } from "./layout.ts";

/** The folders that large objects are spread over; made when first needed, their names durable before anything is put in. */
export class Shards {
  readonly #disk: Disk;
  readonly #layout: Layout;
  readonly #durable = new Map<string, Promise<void>>();

  constructor(disk: Disk, layout: Layout) {
    this.#disk = disk;
    this.#layout = layout;
  }

  /** Takes over what earlier processes made; one of them may have died before it synced the names. */
  async open(): Promise<void> {
    const present = await this.#disk.listDirectory(this.#layout.largeDirectory);
    await this.#disk.syncDirectory(this.#layout.largeDirectory);
    for (const shard of present.filter(isShardName))
      this.#durable.set(this.#layout.shardPath(shard), Promise.resolve());
  }

  ensure(directory: string): Promise<void> {
    const known = this.#durable.get(directory);
    if (known !== undefined) return known;
    const making = this.#make(directory);
    this.#durable.set(directory, making);
    return making;
  }

  async #make(directory: string): Promise<void> {
    try {
      await this.#disk.makeDirectory(directory);
      await this.#disk.syncDirectory(this.#layout.largeDirectory);
    } catch (error) {
      this.#durable.delete(directory);
      throw writeError(error, "a folder could not be made");
    }
  }
}
