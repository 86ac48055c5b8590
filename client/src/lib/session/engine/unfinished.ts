import { toBase64Url, utf8Decode, utf8Encode } from "@excalibur/core/bytes";
import type { Drive } from "@excalibur/sdk";
import type { Unfinished } from "./transfer-types.ts";

const NOTE = "web/unfinished-uploads";
const LIST_LOCK = "excalibur-unfinished";
const WINDOW_LOCK = "excalibur-window-";
const ID_BYTES = 12;

interface Kept extends Unfinished {
  /** The window that sends it. */
  readonly windowId: string;
}

/** The part of the browser's lock manager that is used here. */
export interface Locks {
  request<T>(name: string, options: { readonly mode: "exclusive" | "shared" }, work: () => Promise<T>): Promise<T>;
}

/**
 * [Note: Uploads that a window left behind]
 * What goes up in parts is written into one sealed note when it begins and taken out when it is there. Every window holds
 * a lock of its own for as long as it lives: when it is free, nobody sends the uploads of that window any more, however it
 * ended, and another may offer to go on. The note of the sdk knows which parts arrived; this one knows what to ask for.
 */
export class UnfinishedUploads {
  readonly #notes: Drive["notes"];
  readonly #locks: Locks;
  readonly #release: () => void;
  readonly #windowId = newId();

  constructor(notes: Drive["notes"], locks: Locks) {
    this.#notes = notes;
    this.#locks = locks;
    // Held until the window goes away, or sends nothing of this account any more.
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#release = resolve;
    void locks.request(WINDOW_LOCK + this.#windowId, { mode: "exclusive" }, () => promise);
  }

  /** The account was closed here: what it left may be offered, in this window too. */
  close(): void {
    this.#release();
  }

  async remember(upload: Omit<Unfinished, "id">): Promise<string> {
    const [id] = await this.rememberAll([upload]);
    return id as string;
  }

  /** Their ids, in order. */
  async rememberAll(uploads: readonly Omit<Unfinished, "id">[]): Promise<string[]> {
    const named = uploads.map((upload) => ({ ...upload, id: newId(), windowId: this.#windowId }));
    await this.#change((kept) => [...kept, ...named]);
    return named.map(({ id }) => id);
  }

  async forget(ids: readonly string[]): Promise<void> {
    await this.#change((kept) => kept.filter(({ id }) => !ids.includes(id)));
  }

  /** Calls back with those of each window that is gone: now, and when one goes that is there yet. */
  async watch(found: (uploads: readonly Unfinished[]) => void): Promise<void> {
    const owners = new Set((await this.#read()).map(({ windowId }) => windowId));
    owners.delete(this.#windowId);
    for (const owner of owners) {
      void this.#locks.request(WINDOW_LOCK + owner, { mode: "shared" }, async () => {
        const left = (await this.#read()).filter(({ windowId }) => windowId === owner);
        if (left.length > 0) found(left.map(({ windowId: _, ...upload }) => upload));
      });
    }
  }

  /** One window at a time: what another wrote in between is not lost. */
  async #change(change: (kept: readonly Kept[]) => readonly Kept[]): Promise<void> {
    await this.#locks.request(LIST_LOCK, { mode: "exclusive" }, async () => {
      const kept = change(await this.#read());
      if (kept.length === 0) await this.#notes.delete([NOTE]);
      else await this.#notes.put(NOTE, utf8Encode(JSON.stringify(kept)));
    });
  }

  async #read(): Promise<readonly Kept[]> {
    const note = await this.#notes.get(NOTE);
    return note === undefined ? [] : (JSON.parse(utf8Decode(note)) as Kept[]);
  }
}

function newId(): string {
  return toBase64Url(crypto.getRandomValues(new Uint8Array(ID_BYTES)));
}
