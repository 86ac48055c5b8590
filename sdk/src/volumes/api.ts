/** The only file of this room that speaks to the server. */

import { ByteReader, ByteWriter, fromBase64Url, toBase64Url } from "@excalibur/core/bytes";
import {
  checkObjects,
  fetchPages,
  getHead,
  getPageList,
  type Hash,
  LIMITS,
  listCommits,
  type ObjectId,
  postCommit,
  putPages,
  type VolumeId,
} from "@excalibur/core/protocol";
import { decodePageList, type PageRef } from "@excalibur/core/volume/record";
import { readBounded, type Transport } from "../transport/index.ts";
import type { Unmount } from "./editor.ts";

/** Four million pages: a thousand million files. */
const PAGE_LIST_LIMIT_BYTES = 256 * 1024 * 1024;

export interface HeadMaterial {
  readonly commit: Uint8Array;
  readonly genesis: Uint8Array;
  readonly manifests: readonly Uint8Array[];
  readonly envelopes: readonly Uint8Array[];
  readonly previousKeys: readonly { readonly generation: number; readonly sealed: Uint8Array }[];
  readonly identities: readonly Uint8Array[];
  /** Public keys of links, which nobody signed: only what a fingerprint of the signed list stands for counts. */
  readonly links: readonly Uint8Array[];
}

export interface CommitPage {
  readonly commits: readonly Uint8Array[];
  readonly headSequence: number;
  readonly headHash: Uint8Array;
  readonly more: boolean;
}

export interface PageList {
  readonly sequence: number;
  readonly headHash: Uint8Array;
  readonly pages: Iterable<PageRef>;
}

/** What travels with a commit: a members commit's records, or the volumes that an ordinary one mounts or ends. */
export interface CommitCompany {
  readonly manifest?: Uint8Array | undefined;
  readonly previousKeys?: Uint8Array | undefined;
  readonly envelopes?: readonly Uint8Array[] | undefined;
  readonly mounts?: readonly Uint8Array[] | undefined;
  readonly unmounts?: readonly Unmount[] | undefined;
}

type Options = { readonly signal?: AbortSignal | undefined };

function abortable(signal: AbortSignal | undefined): { signal: AbortSignal } | Record<never, never> {
  return signal ? { signal } : {};
}

export class VolumeApi {
  readonly #transport: Transport;
  readonly #params: { readonly volumeId: VolumeId };

  constructor(transport: Transport, volumeId: Uint8Array) {
    this.#transport = transport;
    this.#params = { volumeId: toBase64Url(volumeId) as VolumeId };
  }

  async head({ signal }: Options = {}): Promise<HeadMaterial> {
    const reply = await this.#transport.call(getHead, { params: this.#params, ...abortable(signal) });
    return {
      commit: fromBase64Url(reply.commit),
      genesis: fromBase64Url(reply.genesis),
      manifests: reply.manifests.map(fromBase64Url),
      envelopes: reply.envelopes.map(fromBase64Url),
      previousKeys: reply.previousKeys.map(({ generation, sealed }) => ({ generation, sealed: fromBase64Url(sealed) })),
      identities: reply.identities.map(fromBase64Url),
      links: reply.links.map(fromBase64Url),
    };
  }

  async commitsAfter(sequence: number, { signal }: Options = {}): Promise<CommitPage> {
    const options = { params: this.#params, query: { after: sequence }, ...abortable(signal) };
    const reply = await this.#transport.call(listCommits, options);
    return {
      commits: reply.commits.map(fromBase64Url),
      headSequence: reply.headSequence,
      headHash: fromBase64Url(reply.headHash),
      more: reply.more,
    };
  }

  /** Untrusted until its state root is compared with a verified head. */
  async pageList({ signal }: Options = {}): Promise<PageList> {
    const reply = await this.#transport.call(getPageList, { params: this.#params, ...abortable(signal) });
    const bytes = await readBounded(reply, PAGE_LIST_LIMIT_BYTES);
    const reader = new ByteReader(bytes, "page list");
    const sequence = reader.u64();
    const headHash = reader.bytes(32);
    return { sequence, headHash, pages: decodePageList(reader.rest()) };
  }

  /** In the order of the hashes, undefined for one the server does not have. */
  async pages(hashes: readonly Uint8Array[], { signal }: Options = {}): Promise<(Uint8Array | undefined)[]> {
    const body = { hashes: hashes.map((hash) => toBase64Url(hash) as Hash) };
    const reply = await this.#transport.call(fetchPages, { params: this.#params, body, ...abortable(signal) });
    const reader = new ByteReader(await readBounded(reply, hashes.length * (4 + LIMITS.pageRecordBytes)));
    const records = hashes.map(() => {
      const length = reader.u32();
      return length === 0 ? undefined : reader.bytes(length);
    });
    reader.finish();
    return records;
  }

  /** Those that a commit could not list now, as the server says; the commit is held to it again. */
  async missingObjects(objectIds: readonly Uint8Array[], { signal }: Options = {}): Promise<Uint8Array[]> {
    const missing: Uint8Array[] = [];
    for (let at = 0; at < objectIds.length; at += LIMITS.fetchObjects) {
      const some = objectIds.slice(at, at + LIMITS.fetchObjects);
      const body = { objectIds: some.map((id) => toBase64Url(id) as ObjectId) };
      const reply = await this.#transport.call(checkObjects, { params: this.#params, body, ...abortable(signal) });
      missing.push(...reply.missing.map(fromBase64Url));
    }
    return missing;
  }

  /** Sends page records ahead of their commit, in as many requests as their sizes need. */
  async sendPages(records: readonly Uint8Array[], { signal }: Options = {}): Promise<void> {
    for (const group of groupBySize(records)) {
      const pieces = group.flatMap((record) => [new ByteWriter(16).u32(record.length).finish(), record]);
      await this.#transport.call(putPages, { params: this.#params, body: pieces, ...abortable(signal) });
    }
  }

  /** Answers the sequence under which the server says that it took it. */
  async commit(commit: Uint8Array, company: CommitCompany = {}, { signal }: Options = {}): Promise<number> {
    const { manifest, previousKeys, envelopes, mounts, unmounts } = company;
    const body = {
      commit: toBase64Url(commit),
      ...(manifest && { manifest: toBase64Url(manifest) }),
      ...(previousKeys && { previousKeys: toBase64Url(previousKeys) }),
      ...(envelopes && { envelopes: envelopes.map(toBase64Url) }),
      ...(mounts && mounts.length > 0 && { mounts: mounts.map((id) => toBase64Url(id) as VolumeId) }),
      ...(unmounts && unmounts.length > 0 && { unmounts: unmounts.map(presentUnmount) }),
    };
    const { sequence } = await this.#transport.call(postCommit, { params: this.#params, body, ...abortable(signal) });
    return sequence;
  }
}

function presentUnmount({ volumeId, headHash }: Unmount): { volumeId: VolumeId; headHash: Hash } {
  return { volumeId: toBase64Url(volumeId) as VolumeId, headHash: toBase64Url(headHash) as Hash };
}

function groupBySize(records: readonly Uint8Array[]): Uint8Array[][] {
  const groups: Uint8Array[][] = [];
  let size = 0;
  for (const record of records) {
    const group = groups.at(-1);
    size += record.length + 4;
    if (group === undefined || size > LIMITS.pagesBodyBytes) {
      groups.push([record]);
      size = record.length + 4;
    } else group.push(record);
  }
  return groups;
}
