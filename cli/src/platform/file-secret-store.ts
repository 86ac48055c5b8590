import { rm } from "node:fs/promises";
import { LocalStateError, type SecretStorePort } from "@excalibur/sdk/ports";
import { readPrivateFile, writePrivateFile } from "./private-file.ts";

/** The device secret in a file that only its owner reads: works everywhere, also without a desktop. */
export class FileSecretStore implements SecretStorePort {
  readonly #path: string;

  constructor(path: string) {
    this.#path = path;
  }

  load(): Promise<Uint8Array | undefined> {
    return this.#doing("read", () => readPrivateFile(this.#path));
  }

  save(secret: Uint8Array): Promise<void> {
    return this.#doing("written", () => writePrivateFile(this.#path, secret));
  }

  clear(): Promise<void> {
    return this.#doing("removed", () => rm(this.#path, { force: true }));
  }

  async describe(): Promise<string> {
    return `a file that only you can read: ${this.#path}`;
  }

  async #doing<T>(what: string, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (cause) {
      throw new LocalStateError(
        `The secret of this device could not be ${what}: ${this.#path}. Nothing on the server changed.`,
        { cause },
      );
    }
  }
}
