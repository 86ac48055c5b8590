import { toBase64Url } from "@excalibur/core/bytes";
import type { SealedNotes } from "../upload/index.ts";
import { decodeCbor, encodeCbor } from "./crypto.ts";

/** What a device remembers of a file that is in the inbox. */
export interface SentRecord {
  readonly path: readonly string[];
  /** Of the source: another text means another file. */
  readonly fingerprint: string;
  readonly sizeBytes: number;
  readonly objectId: Uint8Array;
  readonly root: Uint8Array;
  readonly receiptKey: Uint8Array;
  readonly arrivedMs: number;
}

const INDEX = "sent-index";

/**
 * What this device has sent into one request: for receipts, and so that the same command run again sends nothing twice. In
 * notes of a few hundred each: one write for all that arrived together.
 */
export class SentFiles {
  readonly #notes: SealedNotes;
  readonly #records = new Map<string, SentRecord>();
  #count = 0;

  private constructor(notes: SealedNotes) {
    this.#notes = notes;
  }

  static async read(notes: SealedNotes): Promise<SentFiles> {
    const sent = new SentFiles(notes);
    const index = await notes.get(INDEX);
    const count = index === undefined ? 0 : decodeCbor(index);
    sent.#count = typeof count === "number" ? count : 0;
    for (let at = 0; at < sent.#count; at++) {
      const note = await notes.get(noteName(at));
      for (const record of note === undefined ? [] : decodeRecords(note)) sent.#records.set(keyOf(record.path), record);
    }
    return sent;
  }

  get all(): SentRecord[] {
    return [...this.#records.values()];
  }

  /** The same file to the same place. */
  find(path: readonly string[], fingerprint: string): SentRecord | undefined {
    const record = this.#records.get(keyOf(path));
    return record?.fingerprint === fingerprint ? record : undefined;
  }

  async add(records: readonly SentRecord[]): Promise<void> {
    for (const record of records) this.#records.set(keyOf(record.path), record);
    const at = this.#count;
    this.#count += 1;
    // The records before the count that says they are there.
    await this.#notes.put(noteName(at), encodeCbor(records.map(rowOf)));
    await this.#notes.put(INDEX, encodeCbor(this.#count));
  }
}

function noteName(at: number): string {
  return `sent/${at}`;
}

function keyOf(path: readonly string[]): string {
  return path.join("/");
}

function rowOf(record: SentRecord) {
  const { path, fingerprint, sizeBytes, objectId, root, receiptKey, arrivedMs } = record;
  return [[...path], fingerprint, sizeBytes, objectId, root, receiptKey, arrivedMs];
}

/** A note that is not whole only spares work: what it said is sent again. */
function decodeRecords(note: Uint8Array): SentRecord[] {
  const rows = decodeCbor(note);
  return (Array.isArray(rows) ? rows : []).flatMap((row) => {
    const [path, fingerprint, sizeBytes, objectId, root, receiptKey, arrivedMs] = Array.isArray(row) ? row : [];
    const isPath = Array.isArray(path) && path.every((name): name is string => typeof name === "string");
    const areBytes = [objectId, root, receiptKey].every((each) => each instanceof Uint8Array);
    const areNumbers = typeof sizeBytes === "number" && typeof arrivedMs === "number";
    if (!isPath || typeof fingerprint !== "string" || !areBytes || !areNumbers) return [];
    const bytes = { objectId, root, receiptKey } as Pick<SentRecord, "objectId" | "root" | "receiptKey">;
    return [{ path, fingerprint, sizeBytes, arrivedMs, ...bytes }];
  });
}

export function idText(id: Uint8Array): string {
  return toBase64Url(id);
}
