import { IntegrityError } from "@excalibur/core/bytes";
import type { AccountSession } from "./account/index.ts";
import type { CachePort } from "./ports/index.ts";
import type { SealedNotes } from "./upload/index.ts";

const TABLE = "sealed-notes";

/** Notes of an account in the shared cache: names are keyed hashes, contents are sealed and bound to their name. */
export class SealedRows implements SealedNotes {
  readonly #cache: CachePort;
  readonly #session: Pick<AccountSession, "localRowKey" | "openLocal" | "sealLocal">;

  constructor(cache: CachePort, session: Pick<AccountSession, "localRowKey" | "openLocal" | "sealLocal">) {
    this.#cache = cache;
    this.#session = session;
  }

  async get(name: string): Promise<Uint8Array | undefined> {
    const sealed = await this.#cache.get(TABLE, this.#session.localRowKey(name));
    if (sealed === undefined) return undefined;
    try {
      return await this.#session.openLocal(rowName(name), sealed);
    } catch (error) {
      if (!(error instanceof IntegrityError)) throw error;
      // A note only spares work: one that is damaged must not stand in the way of doing it for ever.
      await this.delete([name]);
      return undefined;
    }
  }

  async put(name: string, note: Uint8Array): Promise<void> {
    const value = await this.#session.sealLocal(rowName(name), note);
    await this.#cache.write({ puts: [{ table: TABLE, key: this.#session.localRowKey(name), value }] });
  }

  async delete(names: readonly string[]): Promise<void> {
    await this.#cache.write({ deletes: names.map((name) => ({ table: TABLE, key: this.#session.localRowKey(name) })) });
  }
}

function rowName(name: string): string {
  return `${TABLE}/${name}`;
}
