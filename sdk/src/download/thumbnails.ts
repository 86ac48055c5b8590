import { LIMITS } from "@excalibur/core/protocol";
import type { ClockPort, SealerPort } from "../ports/index.ts";
import type { FileContent } from "../volumes/index.ts";
import { type DownloadApi, withRetry } from "./api.ts";
import { openThumbnail, packThumbnail, thumbnailSlot, unpackThumbnail, wrongLength } from "./crypto.ts";
import { ObjectMissingError } from "./errors.ts";
import type { SealedNotes } from "./types.ts";

export type Thumbnail = NonNullable<FileContent["thumbnail"]>;

/** Verified, or why there is none. */
export type OpenedThumbnail = { readonly picture: Uint8Array } | { readonly error: unknown };

/** Ciphertext of one request. */
const BATCH_BYTES = 4 * 1024 * 1024;

export interface ThumbnailContext {
  readonly api: DownloadApi;
  readonly sealer: SealerPort;
  readonly clock: ClockPort;
  readonly notes: SealedNotes;
  readonly signal: AbortSignal | undefined;
}

/**
 * Small pictures, many to a request; the failure of one is its own. Each is checked against the root in its entry, so that the
 * picture of another file, or another one of the same, is an error. They are kept sealed on this device, in a fixed number
 * of places: a picture that comes later takes the place of an earlier one.
 */
export async function readThumbnails(
  context: ThumbnailContext,
  thumbnails: readonly Thumbnail[],
): Promise<OpenedThumbnail[]> {
  const kept = await Promise.all(thumbnails.map((thumbnail) => readKept(context, thumbnail)));
  const outcomes: (OpenedThumbnail | undefined)[] = kept.map((picture) => picture && { picture });
  let batch: { readonly index: number; readonly thumbnail: Thumbnail }[] = [];
  let bytes = 0;
  const fetch = async (): Promise<void> => {
    const some = batch;
    [batch, bytes] = [[], 0];
    const fetched = await fetchThumbnails(
      context,
      some.map(({ thumbnail }) => thumbnail),
    );
    for (const [at, { index }] of some.entries()) outcomes[index] = fetched[at];
  };
  for (const [index, thumbnail] of thumbnails.entries()) {
    if (outcomes[index] !== undefined) continue;
    // Nothing of that length is a small picture, and no batch holds it.
    if (thumbnail.ciphertextLength > LIMITS.batchObjectBytes) {
      outcomes[index] = { error: wrongLength() };
      continue;
    }
    if (bytes + thumbnail.ciphertextLength > BATCH_BYTES) await fetch();
    batch.push({ index, thumbnail });
    bytes += thumbnail.ciphertextLength;
  }
  if (batch.length > 0) await fetch();
  return outcomes as OpenedThumbnail[];
}

async function fetchThumbnails(context: ThumbnailContext, wanted: readonly Thumbnail[]): Promise<OpenedThumbnail[]> {
  const { api, sealer, clock, signal } = context;
  const into = sealer.buffer(wanted.reduce((sum, { ciphertextLength }) => sum + ciphertextLength, 0));
  try {
    const places = await withRetry(() => api.objectsInto(wanted, { into, signal }), { clock, signal });
    return await Promise.all(
      wanted.map(async (thumbnail, index): Promise<OpenedThumbnail> => {
        const start = places[index];
        if (start === undefined) return { error: new ObjectMissingError() };
        if (start === null) return { error: wrongLength() };
        try {
          const picture = await openThumbnail(thumbnail, into.subarray(start, start + thumbnail.ciphertextLength));
          await context.notes.put(thumbnailSlot(thumbnail), packThumbnail(thumbnail, picture));
          return { picture };
        } catch (error) {
          return { error };
        }
      }),
    );
  } catch (error) {
    return wanted.map(() => ({ error }));
  } finally {
    sealer.recycle(into);
  }
}

async function readKept({ notes }: ThumbnailContext, thumbnail: Thumbnail): Promise<Uint8Array | undefined> {
  const note = await notes.get(thumbnailSlot(thumbnail));
  return note && unpackThumbnail(thumbnail, note);
}
