import { equalBytes, toBase64Url } from "@excalibur/core/bytes";
import {
  type Commit,
  encodePageHeader,
  type PageRef,
  previousRecordHashOf,
  type StateTree,
} from "@excalibur/core/volume/record";
import type { ReadHandle } from "../../db/index.ts";
import { findPendingHeaders } from "../../db/stores/pages.ts";
import { Refusal } from "../../refusal.ts";

const changesAtOnce = 500;
/** As many as a problem document names. */
const missingNamed = 100;

export interface PageMoves {
  /** Record hashes of the pages that become current, and of those that cease to be. */
  readonly introduced: Uint8Array[];
  readonly replaced: Uint8Array[];
}

/**
 * Every page the commit names waits, and its header says exactly what the commit and the state before demand: the
 * expected 119 bytes are built and compared (docs/spec/volumes.md §2). @throws Refusal `page_missing`, `commit_invalid`
 */
export async function verifyPages(read: ReadHandle, commit: Commit, before: StateTree): Promise<PageMoves> {
  const moves: PageMoves = { introduced: [], replaced: [] };
  const missing: Uint8Array[] = [];
  let slice: PageRef[] = [];
  const verifySlice = async () => {
    const hashes = slice.map((change) => change.recordHash);
    const rows = await findPendingHeaders(read, commit.volumeId, hashes);
    const headers = new Map(rows.map((row) => [toBase64Url(row.record_hash), row.header]));
    for (const change of slice) {
      const header = headers.get(toBase64Url(change.recordHash));
      if (header === undefined) missing.push(change.recordHash);
      else requireHeader({ header, change, commit, before });
    }
    slice = [];
  };
  for (const change of commit.changes) {
    const old = before.page(change.nodeId, change);
    if (old !== null) moves.replaced.push(old.recordHash);
    if (change.version === 0) continue;
    moves.introduced.push(change.recordHash);
    slice.push(change);
    if (slice.length === changesAtOnce) await verifySlice();
  }
  if (slice.length > 0) await verifySlice();
  if (missing.length > 0) throw new Refusal("page_missing", { ids: missing.slice(0, missingNamed).map(toBase64Url) });
  return moves;
}

interface HeaderQuestion {
  readonly header: Uint8Array;
  readonly change: PageRef;
  readonly commit: Commit;
  readonly before: StateTree;
}

function requireHeader({ header, change, commit, before }: HeaderQuestion): void {
  const { nodeId, bitsLength, bits, version } = change;
  const expected = encodePageHeader({
    volumeId: commit.volumeId,
    nodeId,
    bitsLength,
    bits,
    version,
    g: commit.g,
    manifestVersion: commit.manifestVersion,
    previousRecordHash: previousRecordHashOf(before, nodeId, change),
    writerFingerprint: commit.writerFingerprint,
  });
  if (!equalBytes(header, expected)) throw new Refusal("commit_invalid", { reason: "page_header" });
}
