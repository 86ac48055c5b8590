import { describe, expect, it } from "vitest";
import { type Bytes, concatBytes, IntegrityError, uint64 } from "../../bytes/index.ts";
import { randomBytes } from "../../primitives/index.ts";
import { EXEF_KIND, EXEF_MAX_REAL_LENGTH, encodeExefPrelude } from "../public/index.ts";
import { EXEF_FLOE, objectAad } from "./binding.ts";
import { Floe } from "./floe.ts";
import { ObjectMismatchError, openObject, PaddingError } from "./index.ts";

const kind = EXEF_KIND.content;
const key = randomBytes(32);

/** An object with good tags around any plaintext: what a dishonest holder of the key could make. */
async function sealRaw(...payloads: Uint8Array[]): Promise<Bytes> {
  const prelude = encodeExefPrelude({ kind, objectId: randomBytes(16) });
  const floe = Floe.start({ parameters: EXEF_FLOE, key, aad: objectAad(prelude, undefined) }, randomBytes(32));
  const parts: Uint8Array[] = [prelude, floe.header];
  for (const [index, payload] of payloads.entries()) {
    const out = new Uint8Array(payload.length + 32);
    await floe.sealSegmentInto({ index, isFinal: index === payloads.length - 1 }, payload, out);
    parts.push(out);
  }
  return concatBytes(...parts);
}

/** be64 length ‖ data of ones ‖ zeros, of the given total. */
function payloadOf(length: number, dataLength: number, total: number): Bytes {
  const payload = new Uint8Array(total);
  payload.set(uint64(length));
  payload.fill(1, 8, 8 + dataLength);
  return payload;
}

describe("length and padding under good tags", () => {
  it("open when they fit", async () => {
    expect(await openObject({ key, kind, bytes: await sealRaw(payloadOf(1000, 1000, 1032)) })).toHaveLength(1000);
    expect(await openObject({ key, kind, bytes: await sealRaw(payloadOf(0, 0, 520)) })).toHaveLength(0);
  });

  it("are refused when a byte of the padding is not zero", async () => {
    for (const at of [1008, 1020, 1031]) {
      const payload = payloadOf(1000, 1000, 1032);
      payload[at] = 1;
      await expect(openObject({ key, kind, bytes: await sealRaw(payload) })).rejects.toThrow(PaddingError);
    }
  });

  it("are refused when the padding in a later segment is not zero", async () => {
    const padded = 262_152;
    const stream = payloadOf(260_000, 260_000, padded);
    // 262 144 is padmé of 260 000, so the second segment holds 40 bytes of padding.
    const good = await sealRaw(stream.subarray(0, 262_112), stream.subarray(262_112));
    expect(await openObject({ key, kind, bytes: good })).toHaveLength(260_000);
    stream[padded - 1] = 7;
    const bad = await sealRaw(stream.subarray(0, 262_112), stream.subarray(262_112));
    await expect(openObject({ key, kind, bytes: bad })).rejects.toThrow(PaddingError);
  });

  it.each([
    ["too small for the total", 900],
    ["too large for the total", 1025],
    ["larger than the whole object", 1_000_000],
    ["larger than any object", EXEF_MAX_REAL_LENGTH + 1],
    ["of 2^53 - 1", Number.MAX_SAFE_INTEGER],
  ])("are refused when the length inside is %s", async (_, length) => {
    await expect(openObject({ key, kind, bytes: await sealRaw(payloadOf(length, 900, 1032)) })).rejects.toThrow(
      PaddingError,
    );
  });

  it("are refused when the length inside is above 2^53", async () => {
    const payload = payloadOf(1000, 1000, 1032);
    payload[0] = 0x80;
    await expect(openObject({ key, kind, bytes: await sealRaw(payload) })).rejects.toThrow(PaddingError);
  });

  it("are refused when the entry states another length of the same padded size", async () => {
    const bytes = await sealRaw(payloadOf(1000, 1000, 1032));
    for (const expectedSize of [999, 1001]) {
      await expect(openObject({ key, kind, bytes, expectedSize })).rejects.toThrow(ObjectMismatchError);
      await expect(openObject({ key, kind, bytes, expectedSize })).rejects.toThrow(IntegrityError);
    }
  });

  it("say nothing of the plaintext in the error", async () => {
    const bytes = await sealRaw(payloadOf(900, 900, 1032));
    const error = await openObject({ key, kind, bytes }).catch((thrown: unknown) => thrown);
    expect(JSON.stringify([(error as Error).message, (error as PaddingError).details])).not.toContain("900");
  });
});
