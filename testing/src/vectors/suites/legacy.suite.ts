import { concatBytes } from "@excalibur/core/bytes";
import { openLegacyFile } from "@excalibur/core/legacy";
import { sha256 } from "@excalibur/core/primitives";
import { describe, expect, it } from "vitest";
import { sealV2 } from "../../reference/object/exef-v2.ts";
import { itRefuses } from "../check-cases.ts";
import { frozen, hex, type MustFail, type Named, type Packed, unhex, unpack } from "../frozen.ts";

interface GoodFile extends Named {
  readonly key: string;
  readonly nonce?: string;
  readonly plaintext: Packed;
  readonly file?: string;
  readonly sha256: string;
}

interface LegacyVectors {
  readonly files: readonly GoodFile[];
  readonly refused: readonly (MustFail & { readonly key: string; readonly file: string })[];
}

function* pieces(bytes: Uint8Array, sizeBytes: number): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += sizeBytes) yield bytes.subarray(at, at + sizeBytes);
}

async function open(
  bytes: Uint8Array,
  key: Uint8Array,
  options: { fileLength?: number; pieceSizeBytes?: number } = {},
) {
  const { pieceSizeBytes = 65_536, ...known } = options;
  const { size, unverified } = await openLegacyFile({ source: pieces(bytes, pieceSizeBytes), key, ...known });
  const opened: Uint8Array[] = [];
  for await (const piece of unverified) opened.push(piece.slice());
  const whole = concatBytes(...opened);
  expect(whole.length).toBe(size);
  return whole;
}

export function legacySuite(): void {
  const { files, refused } = frozen<LegacyVectors>("exef-v2");

  describe("files of the earlier Excalibur", () => {
    for (const good of files) {
      it(`opens: ${good.name}`, async () => {
        const [key, plaintext] = [unhex(good.key), unpack(good.plaintext)];
        const bytes = good.file === undefined ? sealV2(key, unhex(good.nonce ?? ""), plaintext) : unhex(good.file);
        expect(hex(sha256(bytes))).toBe(good.sha256);
        for (const pieceSizeBytes of [7, 65_536, 1_000_000]) {
          expect(hex(await open(bytes, key, { pieceSizeBytes }))).toBe(hex(plaintext));
        }
        expect(hex(await open(bytes, key, { fileLength: bytes.length }))).toBe(hex(plaintext));
      });
    }

    itRefuses("files of unknown length", refused, ({ file, key }) => open(unhex(file), unhex(key)));
    itRefuses("files of known length", refused, ({ file, key }) =>
      open(unhex(file), unhex(key), { fileLength: file.length / 2 }),
    );
  });
}
