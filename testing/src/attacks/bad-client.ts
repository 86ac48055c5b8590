import { ByteWriter, equalBytes, fromBase64Url, toBase64Url } from "@excalibur/core/bytes";
import { getHead, getPageList, postCommit, putPages, type VolumeId } from "@excalibur/core/protocol";
import { sealPage } from "@excalibur/core/volume/content";
import {
  COMMIT_KINDS,
  decodeCommit,
  decodePageList,
  previousRecordHashOf,
  StateTree,
  signCommit,
} from "@excalibur/core/volume/record";
import { Entrance } from "@excalibur/sdk/account";
import { readBounded } from "@excalibur/sdk/transport";
import type { Device } from "../world/index.ts";

/**
 * A client with a grave mistake: it replaces the first page of a folder by one under a key that nobody has, in a commit
 * that is correct in everything a server can see.
 */
export async function writeUnreadablePage(
  device: Device,
  nodeId: Uint8Array,
  options: { readonly volumeId?: Uint8Array } = {},
): Promise<void> {
  const session = await new Entrance(device.ports).open();
  const { transport } = session.api;
  const { fingerprint, signatureSeed } = await session.member();
  const { volumeId = session.homeVolumeId } = options;
  const params = { volumeId: toBase64Url(volumeId) as VolumeId };
  const head = decodeCommit(fromBase64Url((await transport.call(getHead, { params })).commit));
  const list = await readBounded(await transport.call(getPageList, { params }), 1_000_000);
  const tree = StateTree.fromPages(decodePageList(list.subarray(40)));
  const [page] = tree.pagesOf(nodeId);
  if (page === undefined) throw new Error("There is no such folder.");
  const { bits, bitsLength, version } = page;
  const isRoot = equalBytes(nodeId, volumeId);
  const header = {
    ...{ volumeId, nodeId, bits, bitsLength, version: version + 1, g: head.g, manifestVersion: head.manifestVersion },
    previousRecordHash: previousRecordHashOf(tree, nodeId, page),
    writerFingerprint: fingerprint,
  };
  const attributes = isRoot ? { trashNodeId: new Uint8Array(16).fill(7) } : {};
  const { record, recordHash } = await sealPage({
    header,
    volumeKey: crypto.getRandomValues(new Uint8Array(32)),
    content: { entries: [], folder: { parentNodeId: isRoot ? null : volumeId, attributes } },
  });
  const changes = [{ nodeId, bits, bitsLength, version: version + 1, recordHash }];
  const commit = signCommit(
    {
      ...head,
      sequence: head.sequence + 1,
      kind: COMMIT_KINDS.ordinary,
      previousCommitHash: head.hash,
      timeMs: head.timeMs + 1,
      writerFingerprint: fingerprint,
      stateRoot: tree.apply(changes).root(volumeId),
      ...{ abandoned: [], changes, added: [], dropped: [] },
    },
    signatureSeed,
  );
  await transport.call(putPages, { params, body: [new ByteWriter(4).u32(record.length).finish(), record] });
  await transport.call(postCommit, { params, body: { commit: toBase64Url(commit) } });
}
