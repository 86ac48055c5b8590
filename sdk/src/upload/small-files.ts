import type { FileDraft } from "../files/index.ts";
import type { FileSource, SealedWhole, SealerPort } from "../ports/index.ts";
import { sealWhole } from "../sealer/index.ts";
import type { UploadApi } from "./api.ts";
import { batchTable } from "./crypto.ts";
import { FileChangedError, ObjectRefusedError } from "./errors.ts";
import { readExactly } from "./large-file.ts";

/** Ciphertext of one request: about one part, so that small files flow like large ones. */
export const BATCH_BYTES = 4 * 1024 * 1024;
export const BATCH_OBJECTS = 512;

export interface SealedFile {
  readonly content: Pick<FileDraft["content"], "objectId" | "fileKey" | "root" | "ciphertextLength" | "sizeBytes">;
  readonly bytes: Uint8Array;
}

/** Reads and seals a file that fits in one part. Throws FileChangedError when it is not what its size said. */
export async function sealSmallFile(
  source: FileSource,
  { sealer, signal }: { readonly sealer: SealerPort; readonly signal: AbortSignal | undefined },
): Promise<SealedFile> {
  const before = await source.fingerprint();
  const data = await readExactly(source, { start: 0, end: source.sizeBytes }, { sealer, signal });
  const changed = (await source.fingerprint()) !== before;
  // A job on another thread would cost more than sealing so few bytes here.
  const sealed = changed ? undefined : await sealWhole(data);
  sealer.recycle(data);
  if (sealed === undefined) throw new FileChangedError();
  return toSealedFile(sealed, source.sizeBytes);
}

export function toSealedFile({ bytes, ...named }: SealedWhole, sizeBytes: number): SealedFile {
  return { content: { ...named, ciphertextLength: bytes.length, sizeBytes }, bytes };
}

/** What travels in a batch: a file's content, or its small picture. */
export interface BatchedObject extends Pick<SealedWhole, "objectId" | "root"> {
  readonly bytes: Uint8Array;
}

/** Sends sealed objects in one request. One answer for each: undefined when it is durable, else why not. */
export async function sendBatch(
  objects: readonly BatchedObject[],
  { api, signal }: { readonly api: UploadApi; readonly signal: AbortSignal | undefined },
): Promise<(ObjectRefusedError | undefined)[]> {
  const { table, hash } = batchTable(objects);
  const fates = await api.batch([table, ...objects.map(({ bytes }) => bytes)], { tableHash: hash, signal });
  return objects.map((_, index) => {
    const fate = fates[index];
    return fate?.stored ? undefined : new ObjectRefusedError(fate?.code ?? "unavailable");
  });
}
