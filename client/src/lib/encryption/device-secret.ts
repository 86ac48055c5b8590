import type { SecretStorePort } from "@excalibur/sdk/ports";
import { committed, KEYS, localStateError, settled } from "../storage/index.ts";

const ROW = "device-secret";
const IV_BYTES = 12;

interface KeptSecret {
  /** Not extractable: no script reads it, it only opens. */
  readonly key: CryptoKey;
  readonly iv: Uint8Array<ArrayBuffer>;
  readonly sealed: ArrayBuffer;
}

/**
 * [Note: Staying signed in]
 * The secret that opens this device's account lies in the browser's database under a key that the browser keeps and never
 * shows. Without the wish to stay signed in it lies nowhere: it ends with the window, and the password opens the account
 * the next time.
 */
export class DeviceSecretStore implements SecretStorePort {
  readonly #database: IDBDatabase;
  #inMemory: Uint8Array | undefined;
  /** Whether a secret that is saved from now on outlives the window. */
  isLasting = true;

  constructor(database: IDBDatabase) {
    this.#database = database;
  }

  async load(): Promise<Uint8Array | undefined> {
    return this.#inMemory ?? (await this.#loadKept());
  }

  async save(secret: Uint8Array): Promise<void> {
    if (!this.isLasting) {
      this.#inMemory = secret.slice();
      return;
    }
    const key = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
    const iv = crypto.getRandomValues(new Uint8Array(IV_BYTES));
    const sealed = await crypto.subtle.encrypt({ name: "AES-GCM", iv }, key, secret.slice());
    await this.#write((keys) => keys.put({ key, iv, sealed } satisfies KeptSecret, ROW));
  }

  /** What is open stays open, and a start finds nothing: another way in was set up, which is to be asked for then. */
  async endWithWindow(): Promise<void> {
    this.#inMemory = (await this.load())?.slice();
    this.isLasting = false;
    await this.#write((keys) => keys.delete(ROW));
  }

  async clear(): Promise<void> {
    this.#inMemory?.fill(0);
    this.#inMemory = undefined;
    await this.#write((keys) => keys.delete(ROW));
  }

  async describe(): Promise<string> {
    return this.#inMemory === undefined ? "a key that this browser keeps and never shows" : "this window only";
  }

  async #loadKept(): Promise<Uint8Array | undefined> {
    let kept: KeptSecret | undefined;
    try {
      kept = await settled<KeptSecret | undefined>(
        this.#database.transaction(KEYS, "readonly").objectStore(KEYS).get(ROW),
      );
    } catch (cause) {
      throw localStateError("read", cause);
    }
    if (kept === undefined) return undefined;
    const { key, iv, sealed } = kept;
    try {
      return new Uint8Array(await crypto.subtle.decrypt({ name: "AES-GCM", iv }, key, sealed));
    } catch (error) {
      // Damaged: as good as none, so the password is asked for.
      if (error instanceof DOMException && error.name === "OperationError") return undefined;
      throw error;
    }
  }

  async #write(change: (keys: IDBObjectStore) => void): Promise<void> {
    try {
      const transaction = this.#database.transaction(KEYS, "readwrite");
      change(transaction.objectStore(KEYS));
      await committed(transaction);
    } catch (cause) {
      throw localStateError("written", cause);
    }
  }
}
