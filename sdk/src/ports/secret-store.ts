/** Where the platform keeps the one secret of this device: a system key store, else a file only its owner reads. */

export interface SecretStorePort {
  /** undefined: none is kept. */
  load(): Promise<Uint8Array | undefined>;
  save(secret: Uint8Array): Promise<void>;
  clear(): Promise<void>;
  /** A few words for `status`: "a file only you can read: /home/…". */
  describe(): Promise<string>;
}
