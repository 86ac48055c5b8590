import {
  ByteReader,
  type Bytes,
  ByteWriter,
  concatBytes,
  equalBytes,
  FormatError,
  IntegrityError,
  isAllZero,
  uint32,
  WeakKeyError,
} from "../../bytes/index.ts";
import { EXEF_KIND } from "../../exef/public/index.ts";
import { openObject, sealObject } from "../../exef/secret/index.ts";
import { deriveKey } from "../../labels/index.ts";
import { commitToVolumeKey, VolumeIntegrityError } from "../record/index.ts";

const CONTEXT_MARK = 3;
const ROW_LENGTH = 36;

/** Which generation a record of earlier keys belongs to (docs/spec/volumes.md §9). */
export interface PreviousKeysPlace {
  readonly volumeId: Uint8Array;
  /** The new generation G. */
  readonly g: number;
  /** VK_G. */
  readonly volumeKey: Uint8Array;
  /** The vkCommitment of the first manifest that carried a generation, from the verified chain of manifests. */
  readonly commitmentOf: (g: number) => Uint8Array | undefined;
}

/**
 * Seals the volume keys before G for everybody who gets VK_G: an object of kind 6. Throws VolumeIntegrityError if a key
 * does not fit its commitment, so that a wrong one is never handed on.
 */
export async function sealPreviousKeys(
  place: PreviousKeysPlace,
  earlier: ReadonlyMap<number, Uint8Array>,
): Promise<Bytes> {
  const writer = new ByteWriter(earlier.size * ROW_LENGTH);
  for (const [g, key] of [...earlier].sort(([a], [b]) => a - b)) {
    if (g >= place.g) throw new FormatError("Only keys of earlier generations belong into the record.");
    requireCommitted(place, g, key);
    writer.u32(g).bytes(key);
  }
  const { key, context } = sealing(place);
  const sealed = await sealObject({ key, kind: EXEF_KIND.previousKeys, context, plaintext: writer.finish() });
  return sealed.bytes;
}

/**
 * The earlier volume keys by generation. A generation that is missing was not known to whoever wrote the record: pages
 * of it stay unreadable, which the screen says. Throws VolumeIntegrityError, FormatError or WeakKeyError.
 */
export async function openPreviousKeys(place: PreviousKeysPlace, sealed: Uint8Array): Promise<Map<number, Bytes>> {
  const { key, context } = sealing(place);
  let plaintext: Bytes;
  try {
    plaintext = await openObject({ key, kind: EXEF_KIND.previousKeys, context, bytes: sealed });
  } catch (error) {
    throw error instanceof IntegrityError ? damaged("previous_keys_sealed", place.g, error) : error;
  }
  if (plaintext.length % ROW_LENGTH !== 0) throw new FormatError("The earlier keys end inside a key.");
  const reader = new ByteReader(plaintext, "record of earlier keys");
  const keys = new Map<number, Bytes>();
  let last = -1;
  while (reader.remaining > 0) {
    const g = reader.u32();
    if (g <= last || g >= place.g) throw new FormatError("The earlier keys are not in order.");
    const volumeKey = reader.bytes(32).slice() as Bytes;
    requireCommitted(place, g, volumeKey);
    keys.set(g, volumeKey);
    last = g;
  }
  return keys;
}

/** key = HKDF(VK_G, previous, volumeId ‖ G4), context = 03 ‖ volumeId16 ‖ G4. */
function sealing({ volumeId, g, volumeKey }: PreviousKeysPlace): { key: Bytes; context: Bytes } {
  if (volumeKey.length !== 32 || volumeId.length !== 16) throw new FormatError("A volume key has 32 bytes, its id 16.");
  return {
    key: deriveKey("previous", volumeKey, volumeId, uint32(g)),
    context: concatBytes(Uint8Array.of(CONTEXT_MARK), volumeId, uint32(g)),
  };
}

function requireCommitted({ volumeId, commitmentOf }: PreviousKeysPlace, g: number, volumeKey: Uint8Array): void {
  if (isAllZero(volumeKey)) throw new WeakKeyError("A volume key of zero bytes was refused. Nothing was changed.");
  const commitment = commitmentOf(g);
  if (commitment === undefined || !equalBytes(commitToVolumeKey({ volumeId, g }, volumeKey), commitment)) {
    throw damaged("previous_keys_commitment", g);
  }
}

function damaged(reason: string, g: number, cause?: unknown): VolumeIntegrityError {
  return new VolumeIntegrityError("volume", reason, { g, cause });
}
