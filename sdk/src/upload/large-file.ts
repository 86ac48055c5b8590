import type { Limiter } from "../concurrency/index.ts";
import type { FileDraft } from "../files/index.ts";
import type { FileSource, SealerPort } from "../ports/index.ts";
import { ApiError } from "../transport/errors.ts";
import type { UploadApi } from "./api.ts";
import {
  decodeResumeNote,
  encodeResumeNote,
  equalBytes,
  hasLeaves,
  leavesNoteName,
  newObject,
  ObjectPlan,
  type ResumeNote,
  resumeNoteName,
} from "./crypto.ts";
import { FileChangedError, ReadBackError, UploadMismatchError } from "./errors.ts";
import type { SealedNotes } from "./types.ts";

const HASH = 32;

export interface LargeFileContext {
  readonly api: UploadApi;
  readonly sealer: SealerPort;
  readonly notes: SealedNotes;
  /** Parts under way, over all files. */
  readonly parts: Limiter;
  readonly signal: AbortSignal | undefined;
  readonly onBytes: (bytes: number) => void;
  /** Throws ReadBackError when the server does not give what it confirmed. */
  readonly readBack: (content: StoredObject["content"]) => Promise<void>;
}

export interface LargeFile {
  readonly source: FileSource;
  readonly folderId: Uint8Array;
  readonly name: string;
}

export interface StoredObject {
  readonly content: Pick<FileDraft["content"], "objectId" | "fileKey" | "root" | "ciphertextLength" | "sizeBytes">;
  /** Forgets what was kept for going on, once the entry stands. */
  readonly forget: () => Promise<void>;
}

/**
 * Uploads a file in parts and resolves when the object is durable on the server under the root computed here, and a sample
 * of it came back. Goes on where an earlier attempt for the same place ended, if the source is the same. Throws
 * FileChangedError, UploadMismatchError, ReadBackError, ApiError, NetworkError, or the signal's reason; then the next call goes on.
 */
export async function uploadLargeFile(context: LargeFileContext, file: LargeFile): Promise<StoredObject> {
  const { notes } = context;
  const noteName = resumeNoteName(file.folderId, file.name);
  const sourceFingerprint = await file.source.fingerprint();
  const upload = await beginOrResume(context, { file, noteName, sourceFingerprint });
  await sendMissingParts(context, upload);
  if ((await file.source.fingerprint()) !== sourceFingerprint) {
    await upload.forget();
    throw new FileChangedError();
  }
  const { plan, leaves, object } = upload;
  const root = await completeOrForget(context, upload);
  if (!equalBytes(root, plan.root(leaves))) {
    await upload.forget();
    throw new UploadMismatchError();
  }
  const { fileKey, objectId, sizeBytes } = object;
  const content = { objectId, fileKey, root, ciphertextLength: plan.ciphertextLength, sizeBytes };
  await readBackOrForget(context, upload, content);
  return { content, forget: () => notes.delete(upload.noteNames()) };
}

class Upload {
  readonly source: FileSource;
  readonly object: ResumeNote["object"];
  readonly plan: ObjectPlan;
  readonly leaves: Uint8Array;
  /** Parts that the server has and whose leaves are known here. */
  readonly done = new Set<number>();
  readonly #noteName: string;
  readonly #context: LargeFileContext;

  constructor(
    context: LargeFileContext,
    {
      source,
      object,
      noteName,
    }: { readonly source: FileSource; readonly object: ResumeNote["object"]; readonly noteName: string },
  ) {
    this.#context = context;
    this.#noteName = noteName;
    this.source = source;
    this.object = object;
    this.plan = new ObjectPlan(object);
    let leaves = 0;
    for (let part = 0; part < this.plan.partCount; part++) leaves += this.plan.leavesOf(part);
    this.leaves = new Uint8Array(leaves * HASH);
  }

  setLeaves(part: number, leaves: Uint8Array): void {
    // Every part but the last has 16 segments.
    this.leaves.set(leaves, part * 16 * HASH);
  }

  sizeOf(part: number): number {
    const { start, end } = this.plan.sourceRange(part);
    return end - start;
  }

  noteNames(): string[] {
    const parts = Array.from({ length: this.plan.partCount }, (_, part) => leavesNoteName(this.object.objectId, part));
    return [this.#noteName, ...parts];
  }

  /** Nothing of it is to be used again: the next attempt begins with a new key. */
  async forget(): Promise<void> {
    await this.#context.notes.delete(this.noteNames());
    try {
      await this.#context.api.cancel(this.object.objectId);
    } catch (error) {
      // The server forgets it by itself after a while; what matters is that it is never listed.
      if (!(error instanceof Error)) throw error;
    }
  }
}

interface Beginning {
  readonly file: LargeFile;
  readonly noteName: string;
  readonly sourceFingerprint: string;
}

async function beginOrResume(context: LargeFileContext, beginning: Beginning): Promise<Upload> {
  const { api, notes, signal } = context;
  const { file, noteName, sourceFingerprint } = beginning;
  const resumed = await resume(context, beginning);
  if (resumed) return resumed;
  const object = newObject(file.source.sizeBytes);
  const upload = new Upload(context, { source: file.source, object, noteName });
  await notes.put(noteName, encodeResumeNote({ object, sourceFingerprint }));
  await api.create(object.objectId, upload.plan.ciphertextLength, { signal });
  return upload;
}

async function resume(
  context: LargeFileContext,
  { file, noteName, sourceFingerprint }: Beginning,
): Promise<Upload | undefined> {
  const { api, notes, signal, onBytes } = context;
  const bytes = await notes.get(noteName);
  if (bytes === undefined) return undefined;
  const note = decodeResumeNote(bytes);
  const upload = new Upload(context, { source: file.source, object: note.object, noteName });
  // Another file now: a new object with a new key begins.
  if (note.sourceFingerprint !== sourceFingerprint || note.object.sizeBytes !== file.source.sizeBytes) {
    await upload.forget();
    return undefined;
  }
  const known = await readLeaves(notes, upload);
  const received = await api.received(note.object.objectId, { partCount: upload.plan.partCount, signal });
  if (received === undefined) {
    // Completed before, but not listed yet: `complete` answers again. Otherwise it is gone, and all is sent again.
    if (known.size === upload.plan.partCount) return asCompleted(upload);
    await notes.delete(upload.noteNames());
    return undefined;
  }
  for (const part of known) {
    if (!received.has(part)) continue;
    upload.done.add(part);
    onBytes(upload.sizeOf(part));
  }
  return upload;
}

function asCompleted(upload: Upload): Upload {
  for (let part = 0; part < upload.plan.partCount; part++) upload.done.add(part);
  return upload;
}

async function readLeaves(notes: SealedNotes, upload: Upload): Promise<Set<number>> {
  const known = new Set<number>();
  for (let part = 0; part < upload.plan.partCount; part++) {
    const leaves = await notes.get(leavesNoteName(upload.object.objectId, part));
    if (leaves === undefined || !hasLeaves(leaves, upload.plan.leavesOf(part))) continue;
    upload.setLeaves(part, leaves);
    known.add(part);
  }
  return known;
}

/** Reads, seals and sends what is missing, a few parts at once; the first failure stops the others. */
async function sendMissingParts(context: LargeFileContext, upload: Upload): Promise<void> {
  const stop = new AbortController();
  const signal = context.signal ? AbortSignal.any([context.signal, stop.signal]) : stop.signal;
  const sending = new Set<Promise<void>>();
  let failure: unknown;
  for (let part = 0; part < upload.plan.partCount && failure === undefined; part++) {
    if (upload.done.has(part)) continue;
    while (sending.size >= context.sealer.concurrency + 2) await Promise.race(sending);
    const one: Promise<void> = context.parts
      .run(async () => {
        signal.throwIfAborted();
        await sendPart({ ...context, signal }, upload, part);
      })
      .catch((error: unknown) => {
        failure ??= error;
        stop.abort(error);
      })
      .finally(() => sending.delete(one));
    sending.add(one);
  }
  await Promise.all(sending);
  if (failure !== undefined) throw failure;
}

async function sendPart(context: LargeFileContext, upload: Upload, part: number): Promise<void> {
  const { api, sealer, notes, onBytes, signal } = context;
  const { object, plan } = upload;
  const source = await readExactly(upload.source, plan.sourceRange(part), { sealer, signal });
  const { bytes, leaves } = await sealer.sealPart({ ...object, part, source });
  try {
    // Known before it is sent: a part that arrived with leaves we forgot would have to be sent again.
    await notes.put(leavesNoteName(object.objectId, part), leaves);
    await api.putPart(object.objectId, { part, bytes, leaves: plan.signedLeaves(part, leaves), signal });
  } finally {
    sealer.recycle(bytes);
  }
  upload.setLeaves(part, leaves);
  upload.done.add(part);
  onBytes(upload.sizeOf(part));
}

export async function readExactly(
  source: FileSource,
  { start, end }: { readonly start: number; readonly end: number },
  { sealer, signal }: { readonly sealer: SealerPort; readonly signal: AbortSignal | undefined },
): Promise<Uint8Array> {
  const into = sealer.buffer(end - start);
  let filled = 0;
  while (filled < into.length) {
    const read = await source.read(start + filled, into.subarray(filled), signal);
    if (read === 0) {
      sealer.recycle(into);
      throw new FileChangedError();
    }
    filled += read;
  }
  return into;
}

/** What the server cannot give back is never listed: the next attempt begins anew. */
async function readBackOrForget(
  { readBack }: LargeFileContext,
  upload: Upload,
  content: StoredObject["content"],
): Promise<void> {
  try {
    await readBack(content);
  } catch (error) {
    if (error instanceof ReadBackError) await upload.forget();
    throw error;
  }
}

/** Leaves that the server does not share mean that one of us mixed something up: begin anew next time. */
async function completeOrForget({ api, signal }: LargeFileContext, upload: Upload): Promise<Uint8Array> {
  const { plan, leaves, object } = upload;
  const { ciphertextLength } = plan;
  try {
    return await api.complete(object.objectId, { ciphertextLength, treeHash: plan.treeHash(leaves), signal });
  } catch (error) {
    const lost = error instanceof ApiError && ["leaves_mismatch", "upload_not_found"].includes(error.code);
    if (lost) await upload.forget();
    throw error;
  }
}
