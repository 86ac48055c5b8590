import { IntegrityError } from "@excalibur/core/bytes";
import type { FileSink, ResumableSink } from "../ports/index.ts";
import type { FileContent } from "../volumes/index.ts";
import {
  chunkNoteName,
  chunkTag,
  dataOfSegments,
  decodeGetNote,
  encodeGetNote,
  equalBytes,
  type GetNote,
  getNoteName,
  isSameObject,
  newNoteKey,
  segmentCount,
} from "./crypto.ts";
import { ObjectMissingError } from "./errors.ts";
import { CHUNK_SEGMENTS } from "./read-file.ts";
import type { DataRange, SealedNotes } from "./types.ts";

export interface ResumeContext {
  readonly notes: SealedNotes;
  readonly read: (range: DataRange) => AsyncIterable<Uint8Array>;
  readonly onBytes: (bytes: number) => void;
}

interface Attempt {
  readonly note: GetNote;
  /** Chunks that are on this device already, checked. */
  chunks: number;
}

/**
 * Fetches a file into a sink that outlives the program, and goes on where an earlier attempt for the same place ended.
 * What that one left is checked against sealed notes, chunk by chunk, before it counts; of another object, or another
 * version, nothing is used. Stopped or cut off it leaves what it has for the next attempt; whatever else fails, the
 * sink is thrown away and the error passed on.
 */
export async function getResumable(
  context: ResumeContext,
  file: FileContent,
  { sink, resumable }: { readonly sink: FileSink; readonly resumable: ResumableSink },
): Promise<void> {
  const { notes, read, onBytes } = context;
  const noteName = getNoteName(resumable.place);
  const attempt = (await goOn(context, file, resumable)) ?? (await begin(notes, file, resumable));
  let step: "reading" | "writing" = "reading";
  let noting: Promise<NoteFailure | undefined> | undefined;
  try {
    const start = chunkStart(file, attempt.chunks);
    onBytes(start);
    for await (const piece of read({ start, end: file.sizeBytes })) {
      step = "writing";
      await sink.write(piece);
      const tag = await chunkTag(attempt.note, { chunk: attempt.chunks, data: piece });
      onBytes(piece.length);
      // One note is on its way while the next chunk comes: what a kill costs is what is in flight.
      demandNoted(await noting);
      noting = put(notes, chunkNoteName(attempt.note, attempt.chunks), tag);
      attempt.chunks += 1;
      step = "reading";
    }
    step = "writing";
    demandNoted(await noting);
    await sink.finish();
    await notes.delete(noteNames(noteName, attempt.note));
  } catch (error) {
    await noting;
    if (step === "reading" && !isInVain(error)) await resumable.leave();
    else {
      await sink.abort();
      // Where even that fails, as on a full disk, the next attempt finds notes of a file that is gone, and begins anew.
      await Promise.allSettled([notes.delete(noteNames(noteName, attempt.note))]);
    }
    throw error;
  }
}

interface NoteFailure {
  readonly error: unknown;
}

/** Its failure is told when its turn comes; until then it is a value, because nobody waits for it. */
async function put(notes: SealedNotes, name: string, note: Uint8Array): Promise<NoteFailure | undefined> {
  try {
    await notes.put(name, note);
    return undefined;
  } catch (error) {
    return { error };
  }
}

function demandNoted(failure: NoteFailure | undefined): void {
  if (failure) throw failure.error;
}

/** Asking again will not help: what is there of the file is not worth keeping. */
function isInVain(error: unknown): boolean {
  if (error instanceof IntegrityError || error instanceof ObjectMissingError) return true;
  return (error as { readonly code?: unknown } | null)?.code === "object_lost";
}

async function begin(notes: SealedNotes, file: FileContent, resumable: ResumableSink): Promise<Attempt> {
  const { objectId, root, ciphertextLength } = file;
  const note = { ticket: resumable.newTicket(), key: newNoteKey(), objectId, root, ciphertextLength };
  // Before the bytes have a place, so that no place is ever forgotten.
  await notes.put(getNoteName(resumable.place), encodeGetNote(note));
  await resumable.begin(note.ticket);
  return { note, chunks: 0 };
}

/** undefined: there is nothing to go on with; what an earlier attempt left is gone. */
async function goOn(
  { notes }: ResumeContext,
  file: FileContent,
  resumable: ResumableSink,
): Promise<Attempt | undefined> {
  const noteName = getNoteName(resumable.place);
  const bytes = await notes.get(noteName);
  const note = bytes === undefined ? undefined : decodeGetNote(bytes);
  if (note === undefined) return undefined;
  if (!isSameObject(note, file)) {
    // Another version by now.
    await resumable.discard(note.ticket);
    await notes.delete(noteNames(noteName, note));
    return undefined;
  }
  const sizeBytes = await resumable.takeOver(note.ticket);
  if (sizeBytes === undefined) {
    await notes.delete(noteNames(noteName, note));
    return undefined;
  }
  const attempt: Attempt = { note, chunks: 0 };
  const room = new Uint8Array(Math.max(chunkStart(file, 1), chunkStart(file, 2) - chunkStart(file, 1)));
  const there = { notes, resumable, file, sizeBytes, room };
  while (await isThere(there, attempt)) attempt.chunks += 1;
  await resumable.goOnAt(chunkStart(file, attempt.chunks));
  return attempt;
}

interface WhatIsThere {
  readonly notes: SealedNotes;
  readonly resumable: ResumableSink;
  readonly file: FileContent;
  /** Of the unfinished file. */
  readonly sizeBytes: number;
  /** For one chunk. */
  readonly room: Uint8Array;
}

/** Whether the next chunk was noted, and is still what was noted. */
async function isThere(
  { notes, resumable, file, sizeBytes, room }: WhatIsThere,
  { note, chunks }: Attempt,
): Promise<boolean> {
  const start = chunkStart(file, chunks);
  const end = chunkStart(file, chunks + 1);
  if (start >= file.sizeBytes || end > sizeBytes) return false;
  const tag = await notes.get(chunkNoteName(note, chunks));
  if (tag === undefined) return false;
  const data = room.subarray(0, end - start);
  if ((await resumable.read(start, data)) !== data.length) return false;
  return equalBytes(tag, await chunkTag(note, { chunk: chunks, data }));
}

/** Where the data of a chunk begins; of the one behind the last, where the file ends. */
function chunkStart({ ciphertextLength, sizeBytes }: FileContent, chunk: number): number {
  const first = Math.min(chunk * CHUNK_SEGMENTS, segmentCount(ciphertextLength));
  return dataOfSegments({ start: 0, end: first }, sizeBytes).end;
}

function noteNames(noteName: string, note: GetNote): string[] {
  const count = Math.ceil(segmentCount(note.ciphertextLength) / CHUNK_SEGMENTS);
  return [noteName, ...Array.from({ length: count }, (_, chunk) => chunkNoteName(note, chunk))];
}
