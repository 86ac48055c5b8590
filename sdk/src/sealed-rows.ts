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
    return sealed === undefined ? undefined : await this.#session.openLocal(rowName(name), sealed);
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
