/**
 * [Note: What a device keeps of a volume]
 * Table `volume-heads`: one row a volume, the accepted head with everything that verifies what comes next. It is the
 * memory that a rollback is measured against, so it moves only forward and only together with the page rows.
 * Table `volume-pages`: one row a page, (version, hash) as the state names it; together they give the head's state root.
 * Table `page-records`: sealed page records by hash. Nothing here is secret: the server has the same bytes.
 * Table `volume-commits`: the last commits that led to the head, each with the hashes of the records it replaced. Those
 * are kept as long as the commit is, so that both can be sent again to a server that lost them.
 * Several processes share it: every step forward expects the head row it started from.
 */

import {
  ByteReader,
  type Bytes,
  ByteWriter,
  equalBytes,
  fromBase64Url,
  fromHex,
  readUint,
  toBase64Url,
  toHex,
  utf8Decode,
  utf8Encode,
  writeUint,
} from "@excalibur/core/bytes";
import type { PageRef } from "@excalibur/core/volume/record";
import type { CachePort, CachePut, CacheRow } from "../ports/index.ts";

const HEADS = "volume-heads";
const PAGES = "volume-pages";
const RECORDS = "page-records";
const EVIDENCE = "volume-evidence";
const COMMITS = "volume-commits";

/** So many commits are kept; a device that saw more of what a server lost sends again what it still has. */
export const COMMITS_KEPT = 256;

/** A commit on the way to the head. */
export interface KeptCommit {
  readonly sequence: number;
  readonly bytes: Uint8Array;
  /** Hashes of the records of pages that it replaced. */
  readonly replaced: readonly Uint8Array[];
}

/** What the head row holds. */
export interface StoredHead {
  readonly sequence: number;
  readonly hash: Uint8Array;
  /** Whole: what follows is verified against it. */
  readonly commit: Uint8Array;
  readonly genesis: Uint8Array;
  readonly manifests: readonly Uint8Array[];
  readonly envelopes: readonly Uint8Array[];
  readonly previousKeys: readonly { readonly generation: number; readonly sealed: Uint8Array }[];
  readonly identities: readonly Uint8Array[];
  readonly links: readonly Uint8Array[];
}

export interface HeadRow {
  readonly head: StoredHead;
  /** The row as it stands in the cache, to be expected when it is replaced. */
  readonly raw: Uint8Array;
}

export interface Advance {
  readonly from: HeadRow | undefined;
  readonly to: StoredHead;
  /** Pages as they stand after the step; version 0 = gone. */
  readonly pages: Iterable<PageRef>;
  /** Replaces the whole list instead of changing it. */
  readonly replaceAll: boolean;
  /** Sealed records worth keeping. */
  readonly records: readonly { readonly hash: Uint8Array; readonly record: Uint8Array }[];
  /** The commits of this step, oldest first. */
  readonly commits: readonly KeptCommit[];
}

export class LocalVolumeStore {
  readonly #cache: CachePort;
  readonly #volume: string;

  constructor(cache: CachePort, volumeId: Uint8Array) {
    this.#cache = cache;
    this.#volume = toBase64Url(volumeId);
  }

  async readHead(): Promise<HeadRow | undefined> {
    const raw = await this.#cache.get(HEADS, this.#volume);
    return raw === undefined ? undefined : { head: decodeHead(raw), raw };
  }

  async *readPages(): AsyncGenerator<PageRef> {
    for await (const [key, value] of this.#cache.list(PAGES, { prefix: `${this.#volume}/` })) {
      yield decodePage(key.slice(this.#volume.length + 1), value);
    }
  }

  /** Moves the head and its pages in one step. Undefined when another process was quicker; then nothing is written. */
  async advance({ from, to, pages, replaceAll, records, commits }: Advance): Promise<HeadRow | undefined> {
    const raw = encodeHead(to);
    const puts: CachePut[] = [{ table: HEADS, key: this.#volume, value: raw }];
    const deletes: CacheRow[] = [];
    const kept = commits.slice(-COMMITS_KEPT);
    for (const commit of kept)
      puts.push({ table: COMMITS, key: this.#commitKey(commit.sequence), value: encodeCommit(commit) });
    const over = [...commits.slice(0, -COMMITS_KEPT), ...(await this.#commitsThatLeave(from, to))];
    for (const { sequence, replaced } of over) {
      deletes.push({ table: COMMITS, key: this.#commitKey(sequence) });
      deletes.push(...replaced.map((hash) => ({ table: RECORDS, key: toHex(hash) })));
    }
    if (replaceAll) {
      for await (const [key] of this.#cache.list(PAGES, { prefix: `${this.#volume}/` }))
        deletes.push({ table: PAGES, key });
    }
    for (const page of pages) {
      const key = `${this.#volume}/${pageRowKey(page)}`;
      if (page.version === 0) deletes.push({ table: PAGES, key });
      else puts.push({ table: PAGES, key, value: encodePage(page) });
    }
    for (const { hash, record } of records) puts.push({ table: RECORDS, key: toHex(hash), value: record });
    const put = new Set(puts.map((row) => `${row.table}/${row.key}`));
    const done = await this.#cache.write({
      expect: [{ table: HEADS, key: this.#volume, value: from?.raw }],
      puts,
      deletes: deletes.filter((row) => !put.has(`${row.table}/${row.key}`)),
    });
    return done ? { head: to, raw } : undefined;
  }

  /** The commits that led to a head, oldest first, as far as this device kept them. */
  async readCommits({ sequence }: Pick<StoredHead, "sequence">): Promise<KeptCommit[]> {
    const commits: KeptCommit[] = [];
    for await (const [, row] of this.#cache.list(COMMITS, { prefix: `${this.#volume}/` })) {
      const commit = decodeCommitRow(row);
      if (commit.sequence <= sequence) commits.push(commit);
    }
    return commits;
  }

  /** Those that were kept and are too old now. */
  async #commitsThatLeave(from: HeadRow | undefined, to: StoredHead): Promise<KeptCommit[]> {
    if (from === undefined) return [];
    const first = Math.max(0, from.head.sequence - COMMITS_KEPT + 1, to.sequence - 2 * COMMITS_KEPT);
    const count = Math.max(0, to.sequence - COMMITS_KEPT - first + 1);
    const keys = Array.from({ length: count }, (_, index) => this.#commitKey(first + index));
    const rows = keys.length === 0 ? [] : await this.#cache.getMany(COMMITS, keys);
    return rows.flatMap((row) => (row === undefined ? [] : [decodeCommitRow(row)]));
  }

  #commitKey(sequence: number): string {
    return `${this.#volume}/${sequence.toString(16).padStart(16, "0")}`;
  }

  /** Signed bytes of two histories that exclude each other: what a person can show. Never overwritten. */
  async keepEvidence(commit: Uint8Array, hash: Uint8Array, sequence: number): Promise<void> {
    await this.#cache.write({
      puts: [{ table: EVIDENCE, key: `${this.#volume}/${sequence}/${toHex(hash)}`, value: commit }],
    });
  }

  async readRecords(hashes: readonly Uint8Array[]): Promise<(Uint8Array | undefined)[]> {
    return await this.#cache.getMany(RECORDS, hashes.map(toHex));
  }

  async keepRecords(records: readonly { readonly hash: Uint8Array; readonly record: Uint8Array }[]): Promise<void> {
    await this.#cache.write({
      puts: records.map(({ hash, record }) => ({ table: RECORDS, key: toHex(hash), value: record })),
    });
  }

  async forgetRecord(hash: Uint8Array): Promise<void> {
    await this.#cache.write({ deletes: [{ table: RECORDS, key: toHex(hash) }] });
  }
}

export function sameRow(a: HeadRow | undefined, b: HeadRow | undefined): boolean {
  return a === undefined || b === undefined ? a === b : equalBytes(a.raw, b.raw);
}

/** sequence8 ‖ length4 ‖ commit ‖ n × hash32. */
function encodeCommit({ sequence, bytes, replaced }: KeptCommit): Bytes {
  const writer = new ByteWriter(bytes.length + 12 + 32 * replaced.length).u64(sequence).u32(bytes.length).bytes(bytes);
  for (const hash of replaced) writer.bytes(hash);
  return writer.finish();
}

function decodeCommitRow(row: Uint8Array): KeptCommit {
  const reader = new ByteReader(row, "commit row");
  const sequence = reader.u64();
  const bytes = reader.bytes(reader.u32()).slice();
  const replaced: Uint8Array[] = [];
  while (reader.remaining > 0) replaced.push(reader.bytes(32).slice());
  return { sequence, bytes, replaced };
}

function encodeHead(head: StoredHead): Bytes {
  const text = JSON.stringify({
    sequence: head.sequence,
    hash: toBase64Url(head.hash),
    commit: toBase64Url(head.commit),
    genesis: toBase64Url(head.genesis),
    manifests: head.manifests.map(toBase64Url),
    envelopes: head.envelopes.map(toBase64Url),
    previousKeys: head.previousKeys.map(({ generation, sealed }) => ({ generation, sealed: toBase64Url(sealed) })),
    identities: head.identities.map(toBase64Url),
    links: head.links.map(toBase64Url),
  });
  return utf8Encode(text);
}

function decodeHead(raw: Uint8Array): StoredHead {
  const row = JSON.parse(utf8Decode(raw)) as {
    sequence: number;
    hash: string;
    commit: string;
    genesis: string;
    manifests: string[];
    envelopes: string[];
    previousKeys: { generation: number; sealed: string }[];
    identities: string[];
    links?: string[];
  };
  return {
    sequence: row.sequence,
    hash: fromBase64Url(row.hash),
    commit: fromBase64Url(row.commit),
    genesis: fromBase64Url(row.genesis),
    manifests: row.manifests.map(fromBase64Url),
    envelopes: row.envelopes.map(fromBase64Url),
    previousKeys: row.previousKeys.map(({ generation, sealed }) => ({ generation, sealed: fromBase64Url(sealed) })),
    identities: row.identities.map(fromBase64Url),
    // Written before there were links.
    links: (row.links ?? []).map(fromBase64Url),
  };
}

/** nodeId16 ‖ bits2 ‖ bitsLength1 as hex, so that rows sort like pages. */
function pageRowKey({ nodeId, bits, bitsLength }: PageRef): string {
  return toHex(nodeId) + bits.toString(16).padStart(4, "0") + bitsLength.toString(16).padStart(2, "0");
}

function encodePage({ version, recordHash }: PageRef): Bytes {
  const row: Bytes = new Uint8Array(40);
  writeUint(row, 0, 8, version);
  row.set(recordHash, 8);
  return row;
}

function decodePage(key: string, row: Uint8Array): PageRef {
  const where = fromHex(key);
  return {
    nodeId: where.slice(0, 16),
    bits: readUint(where, 16, 2),
    bitsLength: readUint(where, 18, 1),
    version: readUint(row, 0, 8),
    recordHash: row.slice(8),
  };
}
