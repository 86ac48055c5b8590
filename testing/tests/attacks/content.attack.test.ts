import { readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { EXEF_HEADER_SIZE, EXEF_SEGMENT_SIZE } from "@excalibur/core/exef/public";
import { ExcaliburError } from "@excalibur/core/protocol";
import { isViolation, NetworkError } from "@excalibur/sdk";
import fc from "fast-check";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { amount, IS_LONG } from "../../../scripts/test/long-mode.ts";
import { type StoredObject, segmentsOf, serveInstead, stealObject } from "../../src/attacks/index.ts";
import { type Device, openSource, type Person, sampleBytes, World, withBody } from "../../src/index.ts";

const PAYLOAD_BYTES = 262_112;
const SEGMENTS = 20;
const FILM = sampleBytes((SEGMENTS - 1) * PAYLOAD_BYTES + 1_000, 1);
const OTHER_FILM = sampleBytes(FILM.length, 2);
const NEW_FILM = sampleBytes(FILM.length, 3);

let world: World;
let alice: Person;
let phone: Device;
/** What the server has: a film, the version before, and another film, all of one length. */
let film: StoredObject;
let earlier: StoredObject;
let other: StoredObject;

beforeAll(async () => {
  world = await World.start();
  ({ alice } = await world.people("alice"));
  ({ phone } = alice);
  await alice.laptop.write("/film", NEW_FILM);
  earlier = await stealObject(alice.laptop, "/film");
  await alice.laptop.write("/film", FILM, { onConflict: "replace" });
  await alice.laptop.write("/other", OTHER_FILM);
  [film, other] = [await stealObject(phone, "/film"), await stealObject(phone, "/other")];
});
afterAll(() => world[Symbol.asyncDispose]());
beforeEach(() => phone.network.behave());

/** Everything that was released before the failure, and the failure. */
async function readUntilItFails(path: string): Promise<{ released: Buffer; error: unknown }> {
  const { downloads } = await phone.drive;
  const { entry } = await phone.find(path);
  const pieces: Buffer[] = [];
  try {
    for await (const piece of downloads.read(entry.file!)) pieces.push(Buffer.from(piece));
  } catch (error) {
    return { released: Buffer.concat(pieces), error };
  }
  return { released: Buffer.concat(pieces), error: undefined };
}

function rejoined(segments: readonly Buffer[], header = film.ciphertext.subarray(0, EXEF_HEADER_SIZE)): Buffer {
  return Buffer.concat([header, ...segments]);
}

function flipped(bytes: Buffer, offset: number, bit = 0): Buffer {
  const copy = Buffer.from(bytes);
  copy[offset] = copy[offset]! ^ (1 << bit);
  return copy;
}

function replacing(index: number, segment: Buffer): Buffer {
  return rejoined(segmentsOf(film.ciphertext).with(index, segment));
}

interface Forgery {
  readonly what: string;
  /** The first segment that is not what it should be. */
  readonly first: number;
  readonly make: () => Buffer;
}

const FORGERIES: readonly Forgery[] = [
  {
    what: "two segments change places",
    first: 3,
    make: () => {
      const segments = segmentsOf(film.ciphertext);
      return rejoined(segments.with(3, segments[17]!).with(17, segments[3]!));
    },
  },
  { what: "a segment stands twice", first: 6, make: () => replacing(6, segmentsOf(film.ciphertext)[5]!) },
  {
    what: "the first segment is the last",
    first: SEGMENTS - 1,
    make: () => replacing(SEGMENTS - 1, segmentsOf(film.ciphertext)[0]!),
  },
  { what: "a segment is left out", first: 10, make: () => rejoined(segmentsOf(film.ciphertext).toSpliced(10, 1)) },
  { what: "a segment comes from another file", first: 7, make: () => replacing(7, segmentsOf(other.ciphertext)[7]!) },
  {
    what: "a segment comes from the version before",
    first: 8,
    make: () => replacing(8, segmentsOf(earlier.ciphertext)[8]!),
  },
  { what: "everything comes from the version before", first: 0, make: () => Buffer.from(earlier.ciphertext) },
  { what: "everything comes from another file", first: 0, make: () => Buffer.from(other.ciphertext) },
  {
    what: "the header comes from another file",
    first: 0,
    make: () => rejoined(segmentsOf(film.ciphertext), other.ciphertext.subarray(0, EXEF_HEADER_SIZE)),
  },
  {
    what: "the end is cut off at a segment's border",
    first: SEGMENTS - 1,
    make: () => film.ciphertext.subarray(0, EXEF_HEADER_SIZE + (SEGMENTS - 1) * EXEF_SEGMENT_SIZE),
  },
  { what: "one byte is missing at the end", first: SEGMENTS - 1, make: () => film.ciphertext.subarray(0, -1) },
  {
    what: "one byte is missing before a segment's border",
    first: 12,
    make: () => film.ciphertext.subarray(0, EXEF_HEADER_SIZE + 13 * EXEF_SEGMENT_SIZE - 1),
  },
  {
    what: "one bit of a tag is flipped",
    first: 4,
    make: () => flipped(film.ciphertext, EXEF_HEADER_SIZE + 5 * EXEF_SEGMENT_SIZE - 1),
  },
];

describe("a file of many segments", () => {
  it("is read whole when nobody interferes", async () => {
    const { released, error } = await readUntilItFails("/film");
    expect(error).toBeUndefined();
    expect(released.equals(FILM)).toBe(true);
  });

  describe.each(["forged", "true"] as const)("with %s proofs", (proofs) => {
    it.each(FORGERIES)(
      "C1, C2, C3, C4 in which $what: nothing but a verified beginning is released",
      async ({ first, make }) => {
        serveInstead(phone.network, { ...film, ciphertext: make() }, { proofs, segments: SEGMENTS });
        const { released, error } = await readUntilItFails("/film");
        expect(error).toBeInstanceOf(ExcaliburError);
        expect(released.equals(FILM.subarray(0, released.length))).toBe(true);
        expect(released.length).toBeLessThanOrEqual(Math.max(0, first * PAYLOAD_BYTES - 8));
      },
    );
  });

  it("C3 is released to the last whole segment before it was cut, wherever it was cut", async () => {
    const borders = Array.from({ length: SEGMENTS }, (_, index) => EXEF_HEADER_SIZE + index * EXEF_SEGMENT_SIZE);
    const chosen = IS_LONG ? borders : [borders[0]!, borders[1]!, borders[16]!, borders[SEGMENTS - 1]!];
    for (const cut of chosen.flatMap((border) => [border - 1, border, border + 1])) {
      for (const proofs of ["forged", "true"] as const) {
        const ciphertext = film.ciphertext.subarray(0, cut);
        serveInstead(phone.network, { ...film, ciphertext }, { proofs, segments: SEGMENTS });
        const { released, error } = await readUntilItFails("/film");
        expect(error, `cut at ${cut}`).toBeInstanceOf(ExcaliburError);
        const whole = Math.max(0, Math.floor((cut - EXEF_HEADER_SIZE) / EXEF_SEGMENT_SIZE));
        expect(released.length, `cut at ${cut}`).toBeLessThanOrEqual(Math.max(0, whole * PAYLOAD_BYTES - 8));
        expect(released.equals(FILM.subarray(0, released.length))).toBe(true);
      }
    }
  });

  it("C2 is read to its end although the server has appended to it: nobody asks for what is not the file's", async () => {
    const ciphertext = Buffer.concat([film.ciphertext, segmentsOf(film.ciphertext)[0]!]);
    serveInstead(phone.network, { ...film, ciphertext }, { proofs: "true", segments: SEGMENTS });
    const { released, error } = await readUntilItFails("/film");
    expect(error).toBeUndefined();
    expect(released.equals(FILM)).toBe(true);
  });

  it("C6 tells tampering from a bad connection", async () => {
    serveInstead(phone.network, { ...film, ciphertext: other.ciphertext }, { proofs: "forged", segments: SEGMENTS });
    expect(isViolation((await readUntilItFails("/film")).error)).toBe(true);
    phone.network.interfere("getObject", async (_, ask) => ({ ...(await ask()), body: new Uint8Array(3) }));
    expect(isViolation((await readUntilItFails("/film")).error)).toBe(false);
  });

  it("C5 with one random bit flipped anywhere is never released from there on", async () => {
    const places = fc.record({ offset: fc.nat(film.ciphertext.length - 1), bit: fc.nat(7) });
    await fc.assert(
      fc.asyncProperty(places, fc.constantFrom("forged", "true"), async ({ offset, bit }, proofs) => {
        const ciphertext = flipped(film.ciphertext, offset, bit);
        serveInstead(
          phone.network,
          { ...film, ciphertext },
          { proofs: proofs as "forged" | "true", segments: SEGMENTS },
        );
        const { released, error } = await readUntilItFails("/film");
        const segment = Math.max(0, Math.floor((offset - EXEF_HEADER_SIZE) / EXEF_SEGMENT_SIZE));
        expect(isViolation(error)).toBe(true);
        expect(released.length).toBeLessThanOrEqual(Math.max(0, segment * PAYLOAD_BYTES - 8));
        expect(released.equals(FILM.subarray(0, released.length))).toBe(true);
      }),
      { numRuns: amount({ everyday: 10, long: 1_000 }) },
    );
  });
});

describe("a folder on its way to a disk", () => {
  it("C3, C6 leaves no file that was not verified whole, under no name", async () => {
    const target = await world.localFolder("target");
    serveInstead(
      phone.network,
      { ...film, ciphertext: film.ciphertext.subarray(0, -1) },
      { proofs: "true", segments: SEGMENTS },
    );
    await expect(phone.getTree("/", target)).rejects.toThrow(ExcaliburError);
    expect(await readdir(target)).toEqual(["other"]);
  });
});

describe("small files of one batch", () => {
  const TEXTS = Array.from({ length: 6 }, (_, index) => `text number ${index} `.repeat(20));

  beforeAll(async () => {
    for (const [index, text] of TEXTS.entries()) await alice.laptop.write(`/texts/${index}`, text);
    await phone.catchUp();
  });

  /** Fetches all of them; gives what arrived by name. */
  async function fetchAll(): Promise<{ good: Map<string, string>; errors: unknown[] }> {
    const { downloads, files } = await phone.drive;
    const { items } = await files.list(await files.resolveFolder("/texts"));
    const good = new Map<string, string>();
    const requests = items.map(({ name, entry }) => {
      const pieces: Buffer[] = [];
      const sink = {
        write: async (chunk: Uint8Array) => void pieces.push(Buffer.from(chunk)),
        finish: async () => void good.set(name, Buffer.concat(pieces).toString()),
        abort: async () => void pieces.splice(0),
      };
      return { name, file: entry.file!, openSink: async () => sink };
    });
    const errors: unknown[] = [];
    await downloads.download(requests, { onResult: ({ error }) => void (error !== undefined && errors.push(error)) });
    return { good, errors };
  }

  /** The objects of the answer, changed. */
  function alterObjects(change: (objects: Buffer[]) => Buffer[]): void {
    phone.network.alter("fetchObjects", (body) => {
      const bytes = Buffer.from(body);
      const table = bytes.subarray(0, TEXTS.length * 20);
      const objects: Buffer[] = [];
      let at = table.length;
      for (let row = 0; row < TEXTS.length; row++) {
        const length = table.readUInt32BE(row * 20 + 16);
        objects.push(bytes.subarray(at, at + length));
        at += length;
      }
      const changed = change(objects);
      const rows = changed.map((object, row) => {
        const entry = Buffer.from(table.subarray(row * 20, row * 20 + 20));
        entry.writeUInt32BE(object.length, 16);
        return entry;
      });
      return Buffer.concat([...rows, ...changed]);
    });
  }

  function expectOnlyTruth({ good, errors }: Awaited<ReturnType<typeof fetchAll>>, failures: number): void {
    expect(errors).toHaveLength(failures);
    expect(good.size).toBe(TEXTS.length - failures);
    for (const [name, text] of good) expect(text).toBe(TEXTS[Number(name)]);
  }

  it("arrive when nobody interferes", async () => {
    alterObjects((objects) => objects);
    expectOnlyTruth(await fetchAll(), 0);
  });

  it("C4 that change places are both refused, and the others arrive", async () => {
    alterObjects((objects) => objects.with(1, objects[4]!).with(4, objects[1]!));
    const outcome = await fetchAll();
    expectOnlyTruth(outcome, 2);
    expect(outcome.errors.every(isViolation)).toBe(true);
  });

  it("D8, G6 of which one is withheld: that one is missing, not deleted", async () => {
    alterObjects((objects) => objects.with(2, Buffer.alloc(0)));
    const outcome = await fetchAll();
    expectOnlyTruth(outcome, 1);
    expect(outcome.errors).toMatchObject([{ code: "object_missing" }]);
    expect(await phone.names("/texts")).toHaveLength(TEXTS.length);
  });

  it("C3 of which one is longer, shorter or cut are refused", async () => {
    alterObjects((objects) => objects.with(3, Buffer.concat([objects[3]!, Buffer.alloc(7)])));
    expectOnlyTruth(await fetchAll(), 1);
    alterObjects((objects) => objects.with(3, objects[3]!.subarray(0, -1)));
    expectOnlyTruth(await fetchAll(), 1);
  });

  it("C5 are refused with any byte of a header, or any bit elsewhere, changed", async () => {
    const rest = amount({ everyday: 30, long: 1_000 });
    const places = Array.from({ length: EXEF_HEADER_SIZE + rest }, (_, index) => index);
    for (const offset of places) {
      if (!IS_LONG && offset < EXEF_HEADER_SIZE && offset % 5 !== 0) continue;
      const place = offset < EXEF_HEADER_SIZE ? offset : EXEF_HEADER_SIZE + ((offset * 7_919) % 500);
      alterObjects((objects) => objects.with(offset % 6, flipped(objects[offset % 6]!, place, offset % 8)));
      const outcome = await fetchAll();
      expectOnlyTruth(outcome, 1);
      expect(outcome.errors[0]).toBeInstanceOf(ExcaliburError);
    }
  });

  it("C7 whose table promises more than arrives cost no memory and end in an error", async () => {
    for (const length of [2 ** 32 - 1, 2 ** 31, 1_000_000]) {
      phone.network.alter("fetchObjects", (body) => {
        const bytes = Buffer.from(body);
        bytes.writeUInt32BE(length, 16);
        return bytes;
      });
      const { good, errors } = await fetchAll();
      expect(good.size).toBe(0);
      expect(errors).toHaveLength(TEXTS.length);
    }
  });
});

describe("a server that lies about an upload", () => {
  it("C11 does not get a file listed that it does not have", async () => {
    const { laptop } = alice;
    const long = sampleBytes(18_000_000, 20);
    const path = join(await world.localFolder("uploads"), "long");
    await writeFile(path, long);
    // A first attempt ends early; the second asks what is there already, and is told that everything is.
    laptop.network.interfere("putPart", async () => Promise.reject(new NetworkError("Gone.", { temporary: false })));
    await expect(laptop.write("/claimed", await openSource(path))).rejects.toThrow("Gone.");
    laptop.network.behave();
    const claims = { received: [[0, 4]] };
    laptop.network.alterJson("createUpload", (reply) => ({ ...reply, ...claims }));
    laptop.network.alterJson("getUpload", (reply) => ({ ...reply, ...claims }));
    await expect(laptop.write("/claimed", await openSource(path))).rejects.toMatchObject({ code: "upload_incomplete" });
    laptop.network.behave();
    laptop.network.alterJson("completeUpload", (reply) => ({
      ...reply,
      root: Buffer.alloc(32, 7).toString("base64url"),
    }));
    await expect(laptop.write("/mixed up", sampleBytes(3_000_000, 21))).rejects.toMatchObject({
      code: "upload_mismatch",
    });
    laptop.network.behave();
    const names = await laptop.names("/");
    expect(names).toContain("film");
    for (const name of ["claimed", "mixed up"]) expect(names).not.toContain(name);
    await laptop.write("/claimed", await openSource(path));
    expect((await laptop.read("/claimed")).equals(long)).toBe(true);
    await laptop.trash("/claimed");
  });

  it("C11 cannot swallow one file of a batch without its writer knowing", async () => {
    const { laptop } = alice;
    laptop.network.alterJson<{ results: object[] }>("postBatch", ({ results }) => ({
      results: results.map((result) => ({ ...result, status: "refused", code: "storage_full" })),
    }));
    await expect(laptop.write("/small", "small")).rejects.toMatchObject({ code: "storage_full" });
    laptop.network.alterJson<{ results: object[] }>("postBatch", () => ({ results: [] }));
    await expect(laptop.write("/small", "small")).rejects.toBeInstanceOf(ExcaliburError);
    laptop.network.behave();
    expect(await laptop.names("/")).not.toContain("small");
  });
});

describe("an answer that announces far more than it may hold", () => {
  it.each(["getProof", "getObject"])("C7 to %s is refused before memory is set aside for it", async (route) => {
    for (const announced of [2 ** 31, 8_000_000_000, 10 ** 14]) {
      announceLength(route, announced);
      const before = process.memoryUsage().arrayBuffers;
      const { released, error } = await readUntilItFails("/film");
      expect(error, String(announced)).toMatchObject({ code: "gateway" });
      expect(released.length).toBe(0);
      expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(100_000_000);
    }
  });
});

function announceLength(route: string, bytes: number): void {
  phone.network.interfere(route, async (_, ask) => {
    const answer = await ask();
    return { ...answer, headers: { ...answer.headers, "content-length": String(bytes) } };
  });
}

describe("a server that does not give a file", () => {
  it("G6 is never taken for a deletion, and the file is there when it answers again", async () => {
    for (const status of [404, 410, 500, 503]) {
      const body = Buffer.from("<html>Not here.</html>");
      phone.network.interfere("getObject", async () =>
        withBody({ status, headers: { "content-type": "text/html" }, body }, body),
      );
      const { released, error } = await readUntilItFails("/film");
      expect(error, String(status)).toBeInstanceOf(ExcaliburError);
      expect(isViolation(error)).toBe(false);
      expect(released.length).toBe(0);
    }
    phone.network.behave();
    expect(await phone.names("/")).toContain("film");
    expect((await readUntilItFails("/film")).released.equals(FILM)).toBe(true);
  });
});
