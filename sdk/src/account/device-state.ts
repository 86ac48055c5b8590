/**
 * [Note: What a device keeps of an account]
 * Table `device`: `account` says whose device this is (public), `slot` holds the account key under the secret that the
 * platform keeps, `session` the session's key under the account key, `contact` what was learned about server and clock.
 * `guarded`, where somebody wants it, is a second slot, under a secret that the platform gives back only to a person whom
 * it has recognised. Locking throws away the secret and the slot, not the guarded one; signing out everything but the sealed memory of keyring and heads, which
 * only the account key opens and which a rollback is measured against at the next sign-in.
 */

import { fromBase64Url, toBase64Url, utf8Decode, utf8Encode } from "@excalibur/core/bytes";
import {
  matches,
  type SessionId,
  type UserId,
  UserId as UserIdSchema,
  type UserName,
  type VolumeId,
} from "@excalibur/core/protocol";
import { type CachePort, LocalStateError, type SecretStorePort } from "../ports/index.ts";
import {
  type AccountKey,
  newDeviceSecret,
  newId,
  openDeviceSlot,
  openLocal,
  sealDeviceSlot,
  sealLocal,
} from "./crypto.ts";
import { LockedError, NotSignedInError } from "./errors.ts";
import type { ClientKind } from "./types.ts";

const TABLE = "device";
const ACCOUNT = { table: TABLE, key: "account" };
const SLOT = { table: TABLE, key: "slot" };
const SESSION = { table: TABLE, key: "session" };
const CONTACT = { table: TABLE, key: "contact" };
const GUARDED = { table: TABLE, key: "guarded" };
const SESSION_ROW_NAME = "device/session";
const ID_LENGTH = 16;

/** Whose device this is. */
export interface DeviceAccount {
  readonly format: 1;
  /** Address of the server, with the path a proxy gave it. */
  readonly server: string;
  readonly name: UserName;
  readonly userId: UserId;
  readonly homeVolumeId: VolumeId;
  readonly deviceId: string;
  /** Of the account key. */
  readonly generation: number;
  readonly sessionId: SessionId;
  readonly deviceName: string;
  readonly client: ClientKind;
  /** The own fingerprint, and the sequence of the identity it belongs to: computing it costs a key generation. */
  readonly fingerprint: string;
  readonly identitySequence: number;
}

/** What was learned about the server, to save requests. */
export interface Contact {
  readonly compatibleMs?: number;
  readonly clockOffsetMs?: number;
  /** When accepted heads last went into the keyring. */
  readonly headsMs?: number;
  /** When this device was last in step with the server. */
  readonly seenMs?: number;
}

export interface OpenedDevice {
  readonly device: DeviceAccount;
  readonly account: AccountKey;
  readonly sessionSeed: Uint8Array;
}

export class DeviceState {
  readonly #cache: CachePort;
  readonly #secrets: SecretStorePort;

  constructor(cache: CachePort, secrets: SecretStorePort) {
    this.#cache = cache;
    this.#secrets = secrets;
  }

  /** undefined: nobody is signed in. */
  async read(): Promise<DeviceAccount | undefined> {
    const row = await this.#cache.get(ACCOUNT.table, ACCOUNT.key);
    return row === undefined ? undefined : decodeAccount(row);
  }

  /** Throws NotSignedInError, or LockedError when there is no key to open it with. */
  async open(): Promise<OpenedDevice> {
    try {
      return await this.#openOnce();
    } catch (error) {
      // Another process may have signed in between our reads; what it wrote belongs together.
      if (error instanceof LockedError && error.cause !== undefined) return await this.#openOnce();
      throw error;
    }
  }

  async #openOnce(): Promise<OpenedDevice> {
    const keys = [ACCOUNT.key, SLOT.key, SESSION.key];
    const [row, slot, session] = await this.#cache.getMany(TABLE, keys);
    if (row === undefined) throw new NotSignedInError();
    const device = decodeAccount(row);
    const deviceSecret = await this.#secrets.load();
    if (slot === undefined || session === undefined || deviceSecret === undefined) throw new LockedError();
    const place = { deviceSecret, deviceId: fromBase64Url(device.deviceId) };
    const account = await openOrLocked(() =>
      openDeviceSlot(slot, { ...place, userId: fromBase64Url(device.userId), generation: device.generation }),
    );
    return { device, account, sessionSeed: await openOrLocked(() => openLocal(account, SESSION_ROW_NAME, session)) };
  }

  /** Keeps account and session for the next process, in one step. */
  async keep(
    device: Omit<DeviceAccount, "format" | "deviceId" | "generation">,
    account: AccountKey,
    sessionSeed: Uint8Array,
  ): Promise<DeviceAccount> {
    // Another process may be using the secret that is there: it is kept, a slot and a device id are new each time.
    let deviceSecret = await this.#secrets.load();
    if (deviceSecret === undefined) {
      deviceSecret = newDeviceSecret();
      await this.#secrets.save(deviceSecret);
    }
    const deviceId = newId();
    const row: DeviceAccount = {
      ...device,
      format: 1,
      deviceId: toBase64Url(deviceId),
      generation: account.generation,
    };
    await this.#cache.write({
      puts: [
        { ...ACCOUNT, value: utf8Encode(JSON.stringify(row)) },
        { ...SLOT, value: await sealDeviceSlot(account, { deviceSecret, deviceId }) },
        { ...SESSION, value: await sealLocal(account, SESSION_ROW_NAME, sessionSeed) },
      ],
    });
    return row;
  }

  /** The session's key as a locked device left it, to end that session once the account key is known again. */
  async sessionLeftBehind(account: AccountKey): Promise<Uint8Array | undefined> {
    const sealed = await this.#cache.get(SESSION.table, SESSION.key);
    if (sealed === undefined) return undefined;
    try {
      return await openLocal(account, SESSION_ROW_NAME, sealed);
    } catch {
      // Of another account, or damaged: it will end by itself after its unused days.
      return undefined;
    }
  }

  /** From now on this secret opens a locked device as well. It replaces the one before. */
  async guard(account: AccountKey, deviceSecret: Uint8Array): Promise<void> {
    const deviceId = newId();
    const slot = await sealDeviceSlot(account, { deviceSecret, deviceId });
    const value = new Uint8Array(ID_LENGTH + slot.length);
    value.set(deviceId);
    value.set(slot, ID_LENGTH);
    await this.#cache.write({ puts: [{ ...GUARDED, value }] });
  }

  async isGuarded(): Promise<boolean> {
    return (await this.#cache.get(GUARDED.table, GUARDED.key)) !== undefined;
  }

  async dropGuard(): Promise<void> {
    await this.#cache.write({ deletes: [GUARDED] });
  }

  /** Unlocks with the secret of `guard`. Throws NotSignedInError, LockedError for another secret. */
  async openGuarded(deviceSecret: Uint8Array): Promise<OpenedDevice> {
    const keys = [ACCOUNT.key, GUARDED.key, SESSION.key];
    const [row, guarded, session] = await this.#cache.getMany(TABLE, keys);
    if (row === undefined) throw new NotSignedInError();
    const { format: _f, deviceId: _d, generation, ...device } = decodeAccount(row);
    if (guarded === undefined || session === undefined) throw new LockedError();
    const place = { deviceSecret, deviceId: guarded.slice(0, ID_LENGTH) };
    const account = await openOrLocked(() =>
      openDeviceSlot(guarded.slice(ID_LENGTH), { ...place, userId: fromBase64Url(device.userId), generation }),
    );
    const sessionSeed = await openOrLocked(() => openLocal(account, SESSION_ROW_NAME, session));
    return { device: await this.keep(device, account, sessionSeed), account, sessionSeed };
  }

  async lock(): Promise<void> {
    await this.#cache.write({ deletes: [SLOT] });
    await this.#secrets.clear();
  }

  async forget(): Promise<void> {
    await this.#cache.write({ deletes: [ACCOUNT, SLOT, SESSION, CONTACT, GUARDED] });
    await this.#secrets.clear();
  }

  async readContact(): Promise<Contact> {
    const row = await this.#cache.get(CONTACT.table, CONTACT.key);
    return row === undefined ? {} : (JSON.parse(utf8Decode(row)) as Contact);
  }

  /** Processes overwrite each other here; what is lost is learned again. */
  async noteContact(news: Contact): Promise<void> {
    const value = utf8Encode(JSON.stringify({ ...(await this.readContact()), ...news }));
    await this.#cache.write({ puts: [{ ...CONTACT, value }] });
  }
}

async function openOrLocked<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    // The secret is another's (a restored folder, a new key store): only the password opens the account now.
    throw new LockedError({ cause });
  }
}

function decodeAccount(row: Uint8Array): DeviceAccount {
  try {
    const account = JSON.parse(utf8Decode(row)) as DeviceAccount;
    if (account.format === 1 && matches(UserIdSchema, account.userId)) return account;
  } catch (cause) {
    throw damaged(cause);
  }
  throw damaged(undefined);
}

function damaged(cause: unknown): LocalStateError {
  return new LocalStateError("The state of this device cannot be read. What is on the server is safe; sign in again.", {
    cause,
  });
}
