import type { SecretStorePort } from "../ports/index.ts";

export class MemorySecretStore implements SecretStorePort {
  #secret: Uint8Array | undefined;

  copy(): MemorySecretStore {
    const copy = new MemorySecretStore();
    copy.#secret = this.#secret?.slice();
    return copy;
  }

  async load(): Promise<Uint8Array | undefined> {
    return this.#secret?.slice();
  }

  async save(secret: Uint8Array): Promise<void> {
    this.#secret = secret.slice();
  }

  async clear(): Promise<void> {
    this.#secret = undefined;
  }

  async describe(): Promise<string> {
    return "the memory of a test";
  }
}
