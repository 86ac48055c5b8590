import { setImmediate as turn } from "node:timers/promises";
import { IntegrityError } from "@excalibur/core/bytes";
import { ciphertextLength } from "@excalibur/core/exef/public";
import { randomBytes } from "@excalibur/core/primitives";
import { beforeEach, describe, expect, it } from "vitest";
import { LocalStateError, NetworkError } from "../ports/index.ts";
import type { FileContent } from "../volumes/index.ts";
import { getResumable } from "./resumed-file.ts";
import type { DataRange } from "./types.ts";

const CHUNK = 16 * 262_112;
const CHUNKS = 4;
const SIZE = 3 * CHUNK + 1000;
const BYTES = randomBytes(SIZE);

const file: FileContent = {
  ...{ objectId: randomBytes(16), fileKey: randomBytes(32), root: randomBytes(32) },
  ...{ ciphertextLength: ciphertextLength(SIZE), sizeBytes: SIZE, mediaType: "", versions: [] },
};

/** A disk with unfinished files by their tickets, and what got its name. */
class FakeDisk {
  readonly unfinished = new Map<string, Uint8Array>();
  finished: Uint8Array | undefined;
  failing: "write" | "finish" | undefined;
  #tickets = 0;

  open() {
    let ticket = "";
    let at = 0;
    const full = (step: typeof this.failing) => {
      if (this.failing === step) throw new Error("ENOSPC");
    };
    const resumable = {
      place: "/here/film",
      newTicket: () => `ticket ${++this.#tickets}`,
      begin: async (made: string) => {
        ticket = made;
        this.unfinished.set(ticket, new Uint8Array(0));
      },
      takeOver: async (old: string) => {
        ticket = old;
        return this.unfinished.get(old)?.length;
      },
      read: async (offset: number, into: Uint8Array) => {
        const found = this.unfinished.get(ticket)!.subarray(offset, offset + into.length);
        into.set(found);
        return found.length;
      },
      goOnAt: async (offset: number) => {
        at = offset;
        this.unfinished.set(ticket, this.unfinished.get(ticket)!.slice(0, offset));
      },
      leave: async () => undefined,
      discard: async (old: string) => void this.unfinished.delete(old),
    };
    const sink = {
      resumable,
      write: async (chunk: Uint8Array) => {
        full("write");
        const longer = new Uint8Array(at + chunk.length);
        longer.set(this.unfinished.get(ticket)!);
        longer.set(chunk, at);
        this.unfinished.set(ticket, longer);
        at = longer.length;
      },
      finish: async () => {
        full("finish");
        this.finished = this.unfinished.get(ticket);
        this.unfinished.delete(ticket);
      },
      abort: async () => void this.unfinished.delete(ticket),
    };
    return { sink, resumable };
  }
}

let disk: FakeDisk;
let stored: Map<string, Uint8Array>;
let read: number;

beforeEach(() => {
  disk = new FakeDisk();
  stored = new Map();
  read = 0;
});

interface Trouble {
  /** Instead of the chunk with this number. */
  readonly readFails?: { readonly at: number; readonly error: Error };
  readonly noteFails?: Error;
}

async function get({ readFails, noteFails }: Trouble = {}): Promise<void> {
  const notes = {
    get: async (name: string) => stored.get(name),
    put: async (name: string, note: Uint8Array) => {
      if (noteFails && name.startsWith("download-chunk")) throw noteFails;
      stored.set(name, note);
    },
    delete: async (names: readonly string[]) => {
      for (const name of names) stored.delete(name);
    },
  };
  async function* pieces({ start, end }: DataRange): AsyncGenerator<Uint8Array> {
    for (let at = start; at < end; read++) {
      const chunk = Math.ceil(at / CHUNK);
      // Long enough for whatever was begun to have failed.
      for (let turns = 0; turns < 3; turns++) await turn();
      if (readFails?.at === chunk) throw readFails.error;
      const until = Math.min(end, (chunk + 1) * CHUNK - 8);
      yield BYTES.subarray(at, until);
      at = until;
    }
  }
  await getResumable({ notes, read: pieces, onBytes: () => undefined }, file, disk.open());
}

function expectNothingLeft(): void {
  expect(disk.unfinished.size).toBe(0);
  expect(stored.size).toBe(0);
}

describe("a download of many chunks", () => {
  it.each([0, 1, 2, 3])("cut off at chunk %i goes on there", async (at) => {
    const cut = new NetworkError("Cut.");
    await expect(get({ readFails: { at, error: cut } })).rejects.toBe(cut);
    expect(read).toBe(at);
    await get();
    expect(read).toBe(CHUNKS);
    expect(Buffer.compare(disk.finished!, BYTES)).toBe(0);
    expectNothingLeft();
  });

  it.each(["write", "finish"] as const)("for which the disk is full at %s leaves nothing", async (step) => {
    disk.failing = step;
    await expect(get()).rejects.toThrow("ENOSPC");
    expect(disk.finished).toBeUndefined();
    expectNothingLeft();
  });

  it("that cannot be noted, because the disk with the notes is full, ends with that error and leaves nothing", async () => {
    const full = new LocalStateError("Full.");
    await expect(get({ noteFails: full })).rejects.toBe(full);
    expectNothingLeft();
  });

  it("of which the server has something else leaves nothing", async () => {
    const altered = new IntegrityError("Altered.");
    await expect(get({ readFails: { at: 2, error: altered } })).rejects.toBe(altered);
    expectNothingLeft();
  });

  it("that another program removed begins anew", async () => {
    await expect(get({ readFails: { at: 2, error: new NetworkError("Cut.") } })).rejects.toThrow();
    disk.unfinished.clear();
    await get();
    expect(read).toBe(2 + CHUNKS);
    expect(Buffer.compare(disk.finished!, BYTES)).toBe(0);
    expectNothingLeft();
  });
});
