/**
 * [Note: The keyring's memory]
 * The keyring that was accepted last lies in the cache as the server stored it: sealed, and enough to prove what may
 * follow it. Whatever the server offers is held against that memory: older is a rollback, another of the same number or
 * one whose chain does not contain it is a fork, and neither replaces anything. Writes are compare-and-swap on both
 * sides: on the server by version, in the cache because several processes share it.
 */

import { ByteReader, ByteWriter, equalBytes, FormatError, IntegrityError } from "@excalibur/core/bytes";
import { ForkError, RollbackError } from "@excalibur/core/volume/record";
import type { CachePort } from "../../ports/index.ts";
import type { AccountApi, SealedKeyring } from "../api.ts";
import type { AccountKey } from "../crypto.ts";
import { KeyringBusyError, KeyringConflictError } from "../errors.ts";
import {
  type AcceptedKeyring,
  acceptOffered,
  type Keyring,
  mergeKeyrings,
  mergeUnrelated,
  openRemembered,
  sealNext,
} from "./crypto.ts";

const TABLE = "keyring";
const WRITE_ATTEMPTS = 8;

export interface KeeperOptions {
  readonly cache: CachePort;
  readonly account: AccountKey;
  /** The userId as text: the row's key. */
  readonly row: string;
}

export class KeyringKeeper {
  readonly #options: KeeperOptions;
  #accepted: AcceptedKeyring;
  /** The row as this process last saw it, to be expected when it is replaced. */
  #raw: Uint8Array;

  private constructor(options: KeeperOptions, accepted: AcceptedKeyring, raw: Uint8Array) {
    this.#options = options;
    this.#accepted = accepted;
    this.#raw = raw;
  }

  /** From this device's memory alone. undefined: it has none of this account. Throws KeyringError when the row is damaged. */
  static async remembered(options: KeeperOptions): Promise<KeyringKeeper | undefined> {
    const raw = await options.cache.get(TABLE, options.row);
    if (raw === undefined) return undefined;
    return new KeyringKeeper(options, await openRemembered(options.account, decodeRow(raw)), raw);
  }

  /** What the server holds, accepted against this device's memory if there is one. Throws KeyringError, RollbackError or ForkError. */
  static async fetched(options: KeeperOptions, api: AccountApi, signal?: AbortSignal): Promise<KeyringKeeper> {
    const remembered = await KeyringKeeper.remembered(options);
    if (remembered !== undefined) {
      await remembered.refresh(api, signal);
      return remembered;
    }
    const offered = await api.keyring({ signal });
    const accepted = await acceptOffered(options.account, offered, { remembered: null, hashesBetween: [] });
    const raw = encodeRow(offered);
    const { cache, row } = options;
    const written = await cache.write({
      expect: [{ table: TABLE, key: row, value: undefined }],
      puts: [{ table: TABLE, key: row, value: raw }],
    });
    // Another process signed in at the same moment: what it accepted is the memory now.
    return written ? new KeyringKeeper(options, accepted, raw) : await KeyringKeeper.fetched(options, api, signal);
  }

  /**
   * The ceremony after a server lost history: what it offers and what this device remembers become one keyring, written
   * under a version above both. Only a person who just typed the password may ask for it (cryptography.md §3). Other
   * devices that remember the lost history see a fork and do the same.
   */
  static async reconciled(options: KeeperOptions, api: AccountApi, signal?: AbortSignal): Promise<KeyringKeeper> {
    const keeper = await KeyringKeeper.#rememberedOrForgotten(options);
    if (keeper === undefined) return await KeyringKeeper.fetched(options, api, signal);
    try {
      await keeper.refresh(api, signal);
    } catch (error) {
      if (!(error instanceof RollbackError || error instanceof ForkError)) throw error;
      await keeper.#reconcile(api, signal);
    }
    return keeper;
  }

  /** A damaged memory proves nothing: in the ceremony, and only there, it is given up. */
  static async #rememberedOrForgotten(options: KeeperOptions): Promise<KeyringKeeper | undefined> {
    try {
      return await KeyringKeeper.remembered(options);
    } catch (error) {
      if (!(error instanceof IntegrityError || error instanceof FormatError)) throw error;
      await options.cache.write({ deletes: [{ table: TABLE, key: options.row }] });
      return undefined;
    }
  }

  get keyring(): Keyring {
    return this.#accepted.keyring;
  }

  get version(): number {
    return this.#accepted.position.version;
  }

  /** Takes over what the server has, if it provably follows. */
  async refresh(api: AccountApi, signal?: AbortSignal): Promise<void> {
    await this.#catchUpWithDevice(api, signal);
    const offered = await api.keyring({ signal });
    await this.#adopt(await this.#prove(offered, { remembered: this.#accepted.position, api, signal }), api, signal);
  }

  /**
   * Writes a changed keyring. When another device was quicker both changes are merged, and the result is written; what
   * cannot be merged is KeyringConflictError, and nothing is written. `change` returning its argument writes nothing.
   */
  async update(
    api: AccountApi,
    change: (keyring: Keyring) => Keyring,
    options: { readonly signal?: AbortSignal | undefined; readonly attempts?: number } = {},
  ): Promise<void> {
    let wanted = change(this.keyring);
    for (let attempt = 0; attempt < WRITE_ATTEMPTS; attempt++) {
      const base = this.#accepted;
      if (wanted === base.keyring) return;
      const next = await sealNext(this.#options.account, base, wanted);
      if (await api.putKeyring(base.position.version, next, options)) {
        const accepted = await this.#prove(next, { remembered: base.position, api, signal: options.signal });
        await this.#adopt(accepted, api, options.signal);
        return;
      }
      await this.refresh(api, options.signal);
      const { merged, conflicts } = mergeKeyrings({ base: base.keyring, mine: wanted, theirs: this.keyring });
      if (conflicts.length > 0) throw new KeyringConflictError(conflicts.map(({ kind }) => kind));
      wanted = merged;
    }
    throw new KeyringBusyError();
  }

  async #reconcile(api: AccountApi, signal: AbortSignal | undefined): Promise<void> {
    const { account, cache, row } = this.#options;
    let current = await openRemembered(account, await api.keyring({ signal }));
    const merged = mergeUnrelated(this.keyring, current.keyring);
    const target = Math.max(this.version, current.position.version) + 1;
    while (current.position.version < target) {
      const next = await sealNext(account, current, merged);
      if (!(await api.putKeyring(current.position.version, next, { signal }))) throw new KeyringBusyError();
      current = await openRemembered(account, next);
    }
    const raw = encodeRow(current.stored);
    const expect = [{ table: TABLE, key: row, value: this.#raw }];
    if (!(await cache.write({ expect, puts: [{ table: TABLE, key: row, value: raw }] }))) throw new KeyringBusyError();
    this.#accepted = current;
    this.#raw = raw;
  }

  async #prove(offered: SealedKeyring, { remembered, api, signal }: ProofContext): Promise<AcceptedKeyring> {
    const range = { after: remembered.version, until: offered.version };
    const hasBetween = range.until > range.after + 1;
    // Only the account key makes a version number true: an invented one would be a way to be sent hashes for ever.
    if (hasBetween) await openRemembered(this.#options.account, offered);
    const hashesBetween = hasBetween ? await api.keyringHashes(range, { signal }) : [];
    return acceptOffered(this.#options.account, offered, { remembered, hashesBetween });
  }

  /** What another process of this device accepted meanwhile is the memory that counts. */
  async #catchUpWithDevice(api: AccountApi, signal: AbortSignal | undefined): Promise<void> {
    const { cache, row, account } = this.#options;
    const there = await cache.get(TABLE, row);
    if (there === undefined || equalBytes(there, this.#raw)) return;
    const other = await openRemembered(account, decodeRow(there));
    this.#raw = there;
    this.#accepted = await this.#prove(other.stored, { remembered: this.#accepted.position, api, signal });
  }

  /** Remembers it here and in the cache, unless another process has gone further meanwhile: then that is taken over, if it provably follows. */
  async #adopt(accepted: AcceptedKeyring, api: AccountApi, signal: AbortSignal | undefined): Promise<void> {
    const { cache, row, account } = this.#options;
    const raw = encodeRow(accepted.stored);
    for (;;) {
      const expect = [{ table: TABLE, key: row, value: this.#raw }];
      if (await cache.write({ expect, puts: [{ table: TABLE, key: row, value: raw }] })) {
        this.#accepted = accepted;
        this.#raw = raw;
        return;
      }
      const there = await cache.get(TABLE, row);
      if (there === undefined) throw new KeyringBusyError();
      const other = await openRemembered(account, decodeRow(there));
      this.#raw = there;
      if (other.position.version >= accepted.position.version) {
        this.#accepted = await this.#prove(other.stored, { remembered: accepted.position, api, signal });
        return;
      }
      await this.#prove(accepted.stored, { remembered: other.position, api, signal });
    }
  }
}

interface ProofContext {
  readonly remembered: AcceptedKeyring["position"];
  readonly api: AccountApi;
  readonly signal: AbortSignal | undefined;
}

/** generation4 ‖ version8 ‖ the sealed bytes. */
function encodeRow({ generation, version, sealed }: SealedKeyring): Uint8Array {
  return new ByteWriter(sealed.length + 12).u32(generation).u64(version).bytes(sealed).finish();
}

function decodeRow(raw: Uint8Array): SealedKeyring {
  const reader = new ByteReader(raw, "keyring row");
  return { generation: reader.u32(), version: reader.u64(), sealed: reader.rest() };
}
