/**
 * [Note: Heads in the keyring]
 * A volume's accepted head is remembered on this device with every commit. Into the keyring, where it becomes the floor
 * of every other device, it goes at most every ten minutes and at sign-out: a keyring write a commit would double the
 * requests. What is not due when a process ends waits in a sealed row for the next one.
 */

import { ByteReader, ByteWriter, fromBase64Url, toBase64Url } from "@excalibur/core/bytes";
import type { HistoryPosition } from "@excalibur/core/volume/record";
import { openLocal, sealLocal } from "./crypto.ts";
import { withHeads } from "./keyring/crypto.ts";
import type { AccountParts } from "./parts.ts";

const TABLE = "pending-heads";
const PUSH_EVERY_MS = 10 * 60_000;

type Heads = Map<string, HistoryPosition>;

export class HeadsMemory {
  readonly #parts: AccountParts;
  readonly #new: Heads = new Map();

  constructor(parts: AccountParts) {
    this.#parts = parts;
  }

  remember(volumeId: string, head: HistoryPosition): void {
    keepHigher(this.#new, volumeId, head);
  }

  /** Never throws: a floor that is late is no loss. */
  async push({
    always,
    signal,
  }: {
    readonly always: boolean;
    readonly signal?: AbortSignal | undefined;
  }): Promise<void> {
    const { state, api, keeper, ports } = this.#parts;
    try {
      if (!always && this.#new.size === 0) return;
      const heads = await this.#withPending();
      const { headsMs = 0 } = await state.readContact();
      const sinceMs = ports.clock.nowMs() - headsMs;
      if (!always && sinceMs >= 0 && sinceMs < PUSH_EVERY_MS) return await this.#keep(heads);
      await keeper.update(api, (keyring) => withHeads(keyring, heads), { signal, attempts: 2 });
      await state.noteContact({ headsMs: ports.clock.nowMs() });
      await ports.cache.write({ deletes: [this.#row] });
    } catch (error) {
      ports.logger.warn("accepted heads did not reach the keyring", { error: (error as Error).name });
      await this.#keepOrLog();
    }
  }

  async #keepOrLog(): Promise<void> {
    try {
      await this.#keep(await this.#withPending());
    } catch (error) {
      this.#parts.ports.logger.warn("accepted heads were not kept", { error: (error as Error).name });
    }
  }

  get #row() {
    return { table: TABLE, key: this.#parts.device.userId };
  }

  get #rowName(): string {
    return `${TABLE}/${this.#parts.device.userId}`;
  }

  async #withPending(): Promise<Heads> {
    const heads: Heads = new Map(this.#new);
    const sealed = await this.#parts.ports.cache.get(this.#row.table, this.#row.key);
    if (sealed === undefined) return heads;
    const reader = new ByteReader(await openLocal(this.#parts.account, this.#rowName, sealed), "pending heads");
    while (reader.remaining > 0) {
      keepHigher(heads, toBase64Url(reader.bytes(16)), { sequence: reader.u64(), hash: reader.bytes(32).slice() });
    }
    return heads;
  }

  async #keep(heads: Heads): Promise<void> {
    const writer = new ByteWriter(56 * heads.size);
    for (const [volumeId, head] of heads) writer.bytes(fromBase64Url(volumeId)).u64(head.sequence).bytes(head.hash);
    const value = await sealLocal(this.#parts.account, this.#rowName, writer.finish());
    // Two processes may overwrite each other: both heads are in the volumes' own rows, and the next commit brings them here again.
    await this.#parts.ports.cache.write({ puts: [{ ...this.#row, value }] });
  }
}

function keepHigher(heads: Heads, volumeId: string, head: HistoryPosition): void {
  const known = heads.get(volumeId);
  if (known === undefined || known.sequence < head.sequence) heads.set(volumeId, head);
}
