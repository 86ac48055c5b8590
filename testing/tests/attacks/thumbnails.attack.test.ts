import { toBase64Url } from "@excalibur/core/bytes";
import { EXEF_KIND } from "@excalibur/core/exef/public";
import { sealObject } from "@excalibur/core/exef/secret";
import { isViolation, type OpenedThumbnail, type Thumbnail } from "@excalibur/sdk";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { stealObject } from "../../src/attacks/index.ts";
import { type Answer, type Device, sampleBytes, World, withBody } from "../../src/index.ts";

/** Of one length when they are sealed, so that lengths give nothing away. */
const PICTURES = [1, 2, 3].map((seed) => sampleBytes(400, seed));
const ROW_BYTES = 20;

let world: World;
let laptop: Device;
let phone: Device;

beforeAll(async () => {
  world = await World.start();
  const { alice } = await world.people("alice");
  ({ laptop, phone } = alice);
  for (const [index, thumbnail] of PICTURES.entries()) {
    // Its content is of that length as well.
    await laptop.write(`/${index}.jpg`, sampleBytes(400, 10 + index), { thumbnail });
  }
});
afterAll(() => world[Symbol.asyncDispose]());
beforeEach(() => phone.network.behave());

async function thumbnailOf(device: Device, path: string): Promise<Thumbnail> {
  const { entry } = await device.find(path);
  if (entry.file?.thumbnail === undefined) throw new Error(`${path} has no thumbnail.`);
  return entry.file.thumbnail;
}

async function read(device: Device, ...paths: readonly string[]): Promise<OpenedThumbnail[]> {
  const thumbnails = await Promise.all(paths.map((path) => thumbnailOf(device, path)));
  return await (await device.drive).downloads.thumbnails(thumbnails);
}

/** Serves this in the place of the first object that is asked for. */
function serveFirst(make: (objects: readonly Uint8Array[]) => readonly Uint8Array[]): void {
  phone.network.interfere("fetchObjects", async (_, ask): Promise<Answer> => {
    const answer = await ask();
    const body = Buffer.from(answer.body);
    const length = body.readUInt32BE(16);
    const count = body.length / (ROW_BYTES + length);
    const objects = Array.from({ length: count }, (__, index) => {
      const at = count * ROW_BYTES + index * length;
      return body.subarray(at, at + length);
    });
    return withBody(answer, Buffer.concat([body.subarray(0, count * ROW_BYTES), ...make(objects)]));
  });
}

describe("small pictures of files", () => {
  it("D15 of two files that change places are errors, and no other file suffers", async () => {
    serveFirst(([first, second, third]) => [second as Uint8Array, first as Uint8Array, third as Uint8Array]);
    const [first, second, third] = await read(phone, "/0.jpg", "/1.jpg", "/2.jpg");
    for (const outcome of [first, second]) {
      expect(outcome).not.toHaveProperty("picture");
      expect(isViolation((outcome as { error: unknown }).error)).toBe(true);
    }
    expect(third).toEqual({ picture: new Uint8Array(PICTURES[2]!) });
  });

  it("D15 of which one bit is another, or that are the content of their own file, or another under their key, are errors", async () => {
    const { ciphertext } = await stealObject(laptop, "/0.jpg");
    expect(ciphertext.length).toBe((await thumbnailOf(phone, "/0.jpg")).ciphertextLength);
    // Who may read has the key, and can seal another picture under it: the root in the entry is what refuses it.
    const { fileKey: key, objectId } = await thumbnailOf(laptop, "/0.jpg");
    const forged = await sealObject({ key, kind: EXEF_KIND.thumbnail, objectId, plaintext: sampleBytes(400, 99) });
    for (const forge of [
      (object: Uint8Array) => Buffer.from(object).fill((object[300] ?? 0) ^ 1, 300, 301),
      () => ciphertext,
      () => Buffer.from(forged.bytes),
    ]) {
      serveFirst(([first, ...others]) => [forge(first as Uint8Array), ...others]);
      const [outcome] = await read(phone, "/0.jpg", "/1.jpg", "/2.jpg");
      expect(isViolation((outcome as { error: unknown }).error)).toBe(true);
    }
  });

  it("are what was stored when nobody lies, and are kept sealed on the device afterwards", async () => {
    expect(await read(phone, "/0.jpg", "/1.jpg", "/2.jpg")).toEqual(
      PICTURES.map((picture) => ({ picture: new Uint8Array(picture) })),
    );
    let asked = 0;
    phone.network.interfere("fetchObjects", async (_, ask) => {
      asked += 1;
      return ask();
    });
    expect(await read(phone, "/2.jpg", "/0.jpg")).toEqual(
      [PICTURES[2]!, PICTURES[0]!].map((picture) => ({ picture: new Uint8Array(picture) })),
    );
    expect(asked).toBe(0);
  });

  it("go along with copies and moves, and not with another content", async () => {
    const before = toBase64Url((await thumbnailOf(laptop, "/1.jpg")).objectId);
    await laptop.copy("/1.jpg", { folder: "/", name: "copy.jpg" });
    await laptop.rename("/1.jpg", "moved.jpg");
    for (const path of ["/copy.jpg", "/moved.jpg"]) {
      expect(toBase64Url((await thumbnailOf(laptop, path)).objectId)).toBe(before);
    }
    await laptop.write("/moved.jpg", "another picture", { onConflict: "replace" });
    expect((await laptop.find("/moved.jpg")).entry.file?.thumbnail).toBeUndefined();
    await laptop.write("/copy.jpg", "another picture", { onConflict: "replace", thumbnail: PICTURES[2]! });
    expect(toBase64Url((await thumbnailOf(laptop, "/copy.jpg")).objectId)).not.toBe(before);
    // What nothing lists any more goes with the drive's own rules: the drive is whole.
    await phone.catchUp();
    expect(await read(phone, "/copy.jpg")).toEqual([{ picture: new Uint8Array(PICTURES[2]!) }]);
  });
});
