import { type Bytes, concatBytes, IntegrityError, utf8Encode } from "../bytes/index.ts";
import { EXEF_KIND } from "../exef/public/index.ts";
import { openObject, sealObject } from "../exef/secret/index.ts";
import { deriveKey } from "../labels/index.ts";
import { sha256 } from "../primitives/index.ts";
import { CacheRecordError } from "./errors.ts";
import { accountContext } from "./sealed-keyring.ts";

const CONTEXT_MARK = 7;

export interface CachePlace {
  readonly accountKey: Uint8Array;
  readonly userId: Uint8Array;
  /** The generation `a` of the account key. */
  readonly generation: number;
  /** The name of the cache row. */
  readonly name: string;
}

/** Seals what a client keeps on its device: an object of kind 9, never sent (docs/spec/keys.md §6). */
export async function sealCacheRecord(place: CachePlace, plaintext: Uint8Array): Promise<Bytes> {
  const { key, context } = cacheKey(place);
  const sealed = await sealObject({ key, kind: EXEF_KIND.cacheRecord, context, plaintext });
  return sealed.bytes;
}

/** Throws CacheRecordError if the record is damaged or is another row's. */
export async function openCacheRecord(place: CachePlace, sealed: Uint8Array): Promise<Bytes> {
  const { key, context } = cacheKey(place);
  try {
    return await openObject({ key, kind: EXEF_KIND.cacheRecord, context, bytes: sealed });
  } catch (error) {
    throw error instanceof IntegrityError ? new CacheRecordError(error) : error;
  }
}

function cacheKey({ accountKey, userId, generation, name }: CachePlace): { key: Bytes; context: Bytes } {
  const account = accountContext(userId, generation);
  return {
    key: deriveKey("cache", accountKey, account),
    context: concatBytes(Uint8Array.of(CONTEXT_MARK), account, sha256(utf8Encode(name))),
  };
}
