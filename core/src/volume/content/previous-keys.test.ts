import { describe, expect, it } from "vitest";
import { concatBytes, FormatError, uint32, WeakKeyError } from "../../bytes/index.ts";
import { EXEF_KIND } from "../../exef/public/index.ts";
import { sealObject } from "../../exef/secret/index.ts";
import { deriveKey } from "../../labels/index.ts";
import { randomBytes } from "../../primitives/index.ts";
import { commitToVolumeKey, VolumeIntegrityError } from "../record/index.ts";
import { openPreviousKeys, type PreviousKeysPlace, sealPreviousKeys } from "./index.ts";

const volumeId = randomBytes(16);
const keys = Array.from({ length: 5 }, () => randomBytes(32));
const place: PreviousKeysPlace = {
  volumeId,
  g: 4,
  volumeKey: keys[4] as Uint8Array,
  commitmentOf: (g) => keys[g] && commitToVolumeKey({ volumeId, g }, keys[g]),
};
const row = (g: number, key = keys[g] as Uint8Array) => concatBytes(uint32(g), key);

async function refusal(plaintext: Uint8Array, more: Partial<PreviousKeysPlace> = {}): Promise<string> {
  const key = deriveKey("previous", place.volumeKey, volumeId, uint32(4));
  const context = concatBytes(Uint8Array.of(3), volumeId, uint32(4));
  const { bytes } = await sealObject({ key, kind: EXEF_KIND.previousKeys, context, plaintext });
  try {
    await openPreviousKeys({ ...place, ...more }, bytes);
  } catch (error) {
    return error instanceof VolumeIntegrityError ? error.reason : (error as Error).name;
  }
  return "accepted";
}

describe("the record of earlier volume keys", () => {
  it("hands on every key it holds, gaps included", async () => {
    const earlier = new Map([2, 0, 3].map((g) => [g, keys[g] as Uint8Array]));
    const sealed = await sealPreviousKeys(place, earlier);
    const opened = await openPreviousKeys(place, sealed);
    expect([...opened]).toEqual([0, 2, 3].map((g) => [g, keys[g]]));
    expect((await openPreviousKeys(place, await sealPreviousKeys(place, new Map()))).size).toBe(0);
  });

  it("opens for its volume, its generation and its key only", async () => {
    const sealed = await sealPreviousKeys(place, new Map([[0, keys[0] as Uint8Array]]));
    const others = [{ volumeId: randomBytes(16) }, { g: 3 }, { volumeKey: randomBytes(32) }];
    for (const other of others) {
      await expect(openPreviousKeys({ ...place, ...other }, sealed)).rejects.toThrow(VolumeIntegrityError);
    }
    await expect(openPreviousKeys({ ...place, volumeKey: new Uint8Array(32) }, sealed)).rejects.toThrow(WeakKeyError);
  });

  it("is refused in every other form", async () => {
    expect(await refusal(concatBytes(row(0), row(1)))).toBe("accepted");
    expect(await refusal(row(0).subarray(1))).toBe("FormatError");
    expect(await refusal(concatBytes(row(1), row(0)))).toBe("FormatError");
    expect(await refusal(concatBytes(row(1), row(1)))).toBe("FormatError");
    expect(await refusal(row(4))).toBe("FormatError");
    expect(await refusal(row(0, new Uint8Array(32)))).toBe("WeakKeyError");
    expect(await refusal(row(0, keys[1]))).toBe("previous_keys_commitment");
    expect(await refusal(row(0), { commitmentOf: () => undefined })).toBe("previous_keys_commitment");
  });

  it("is never sealed with a wrong key or one that is not earlier", async () => {
    await expect(sealPreviousKeys(place, new Map([[0, keys[1] as Uint8Array]]))).rejects.toThrow(VolumeIntegrityError);
    await expect(sealPreviousKeys(place, new Map([[4, keys[4] as Uint8Array]]))).rejects.toThrow(FormatError);
    await expect(sealPreviousKeys(place, new Map([[0, new Uint8Array(32)]]))).rejects.toThrow(WeakKeyError);
  });
});
