import { equalBytes, toBase64Url } from "@excalibur/core/bytes";
import { partCount } from "@excalibur/core/exef/public";
import type { Database } from "../../db/index.ts";
import { findUpload, listPartNumbers, type UploadRow } from "../../db/stores/uploads.ts";
import { Refusal } from "../../refusal.ts";
import type { BlobStore, StagedBlob } from "../../storage/blob-store.ts";
import { ActiveUpload, PART } from "./active-upload.ts";
import { asRefusal } from "./storage-failure.ts";
import { verifyReceived } from "./verify-received.ts";

/** Hashing again what was received before a restart runs on in the background; a request waits this long for it. */
const verificationWaitMs = 20_000;
const rowsAtOnce = 4096;

interface Entry {
  readonly upload: ActiveUpload;
  readonly verified: Promise<void>;
}

/** The unfinished uploads that this process has touched. */
export class ActiveUploads {
  readonly #database: Database;
  readonly #blobs: BlobStore;
  readonly #entries = new Map<string, Promise<Entry | undefined>>();

  constructor(database: Database, blobs: BlobStore) {
    this.#database = database;
    this.#blobs = blobs;
  }

  /** The account's own upload; parts of before a restart may still be unverified. @throws Refusal `upload_not_found` */
  async open(objectId: Uint8Array, userId: Uint8Array): Promise<ActiveUpload> {
    return (await this.#entry(objectId, userId)).upload;
  }

  /** As `open`, with every part either received or missing. @throws Refusal `unavailable` when that takes long */
  async openVerified(objectId: Uint8Array, userId: Uint8Array): Promise<ActiveUpload> {
    const { upload, verified } = await this.#entry(objectId, userId);
    await withinMs(verified, verificationWaitMs);
    return upload;
  }

  /** Cuts off whoever writes; the next `open` looks at the database and the disk again. */
  async forget(objectId: Uint8Array): Promise<void> {
    const key = toBase64Url(objectId);
    const opening = this.#entries.get(key);
    this.#entries.delete(key);
    const entry = await opening;
    await entry?.upload.close();
    await Promise.allSettled([entry?.verified]);
  }

  /** As `forget`, for every upload of an account that is gone; the bytes are swept like all that have no row. */
  async forgetAccount(userId: Uint8Array): Promise<void> {
    for (const opening of [...this.#entries.values()]) {
      const [opened] = await Promise.allSettled([opening]);
      const upload = opened.status === "fulfilled" ? opened.value?.upload : undefined;
      if (upload !== undefined && equalBytes(upload.payerId, userId)) await this.forget(upload.objectId);
    }
  }

  async closeAll(): Promise<void> {
    const openings = [...this.#entries.values()];
    this.#entries.clear();
    for (const entry of await Promise.all(openings)) {
      await entry?.upload.close();
      await Promise.allSettled([entry?.verified]);
    }
  }

  async #entry(objectId: Uint8Array, userId: Uint8Array): Promise<Entry> {
    const key = toBase64Url(objectId);
    let opening = this.#entries.get(key);
    if (opening === undefined) {
      opening = this.#load(objectId);
      this.#entries.set(key, opening);
      const forgetIfNone = (entry?: Entry) => {
        if (entry === undefined && this.#entries.get(key) === opening) this.#entries.delete(key);
      };
      opening.then(forgetIfNone, () => forgetIfNone());
    }
    const entry = await opening;
    if (entry === undefined || toBase64Url(entry.upload.userId) !== toBase64Url(userId)) {
      throw new Refusal("upload_not_found");
    }
    return entry;
  }

  async #load(objectId: Uint8Array): Promise<Entry | undefined> {
    const row = await findUpload(this.#database.read, objectId);
    if (row === undefined) return undefined;
    let upload = new ActiveUpload(row, await this.#openStaged(row), partCount(row.ciphertext_length));
    const recorded = await this.#markRecorded(upload);
    if (upload.staged.sealed && !recorded) {
      // Left behind by an upload of this id that was cancelled when the power went: nothing of it is known any more.
      await upload.staged.discard();
      upload = new ActiveUpload(row, await this.#openStaged(row), upload.partCount);
    }
    const verified = recorded ? verifyReceived({ database: this.#database, upload, row }) : Promise.resolve();
    // Reported to whoever waits for it; the next request begins afresh.
    verified.catch(() => this.#entries.delete(toBase64Url(objectId)));
    return { upload, verified };
  }

  async #openStaged(row: UploadRow): Promise<StagedBlob> {
    try {
      return await this.#blobs.openStaged(toBase64Url(row.object_id), row.ciphertext_length);
    } catch (error) {
      throw asRefusal(error);
    }
  }

  async #markRecorded(upload: ActiveUpload): Promise<boolean> {
    let any = false;
    for (let from = 0; ; ) {
      const rows = await listPartNumbers(this.#database.read, upload.objectId, { from, limit: rowsAtOnce });
      const last = rows.at(-1);
      if (last === undefined) return any;
      for (const part of rows) if (part < upload.partCount) upload.setState(part, PART.unverified);
      any = true;
      from = last + 1;
    }
  }
}

async function withinMs(work: Promise<void>, limitMs: number): Promise<void> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Refusal("unavailable", { reason: "verifying" })), limitMs);
  try {
    await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
