import { type Bytes, be, compare, concat, hex, zeros } from "../../foundations/bytes.ts";
import {
  type Change,
  COMMIT,
  type CommitFields,
  encodeCommit,
  type ObjectCount,
  readCommit,
} from "../../volume/commit.ts";
import { applyCommit, applyGenesis, type VolumeState } from "../../volume/history.ts";
import { type Manifest, readManifest } from "../../volume/manifest.ts";
import { halves, type PagePlace } from "../../volume/page-place.ts";
import { type PageState, stateRoot } from "../../volume/state-tree.ts";
import { alice, CREATED_MS, carol, KEYS, type Person } from "../people/people.ts";
import { fixed, type Json } from "../vector-file.ts";
import { chainExists, FAMILY, MANIFEST_0, nextManifest, VOLUME_ID } from "./manifest-vectors.ts";

export const TRUST = { keys: KEYS, chainExists };

export const ROOT_ID = VOLUME_ID;

export const TRASH_ID = fixed("commit trash", 16);

const WHOLE: PagePlace = { bitsLength: 0, bits: 0 };

export function page(nodeId: Uint8Array, version: number, place = WHOLE): PageState {
  const name = `record ${hex(nodeId)} ${place.bitsLength} ${place.bits} ${version}`;
  return { nodeId, ...place, version, recordHash: fixed(name, 32) };
}

export function gone(nodeId: Uint8Array, place = WHOLE): Change {
  return { nodeId, ...place, version: 0, recordHash: zeros(32) };
}

export function object(name: string, count = 1): ObjectCount {
  return { objectId: fixed(`commit object ${name}`, 16), count };
}

export function sortedObjects(...objects: ObjectCount[]): ObjectCount[] {
  return objects.sort((a, b) => compare(a.objectId, b.objectId));
}

function changeKey(change: Change): Bytes {
  return concat(change.nodeId, be(1, change.bitsLength), be(2, change.bits));
}

export function sortedChanges(changes: readonly Change[]): Change[] {
  return [...changes].sort((a, b) => compare(changeKey(a), changeKey(b)));
}

/** The pages after the changes, without any check: the root a commit must name. */
export function changedPages(before: readonly PageState[], changes: readonly Change[]): PageState[] {
  const keyed = new Map(before.map((one) => [hex(changeKey(one)), one]));
  for (const change of changes) {
    if (change.version === 0) keyed.delete(hex(changeKey(change)));
    else keyed.set(hex(changeKey(change)), change);
  }
  return [...keyed.values()];
}

export const GENESIS_FIELDS: CommitFields = (() => {
  const changes = sortedChanges([page(ROOT_ID, 1), page(TRASH_ID, 1)]);
  return {
    volumeId: VOLUME_ID,
    sequence: 0,
    kind: COMMIT.genesis,
    previousCommitHash: zeros(32),
    timeMs: CREATED_MS,
    manifestVersion: 0,
    manifestHash: MANIFEST_0.hash,
    g: 0,
    writerFingerprint: alice.fingerprint,
    stateRoot: stateRoot(VOLUME_ID, changes),
    abandoned: [],
    changes,
    added: [],
    dropped: [],
  };
})();

interface Writing {
  readonly writer?: Person;
  readonly signedBy?: Person;
  readonly changes?: readonly Change[];
  readonly fields?: Partial<CommitFields>;
}

export function ordinary(state: VolumeState, writing: Writing = {}): Bytes {
  const { writer = alice, changes = [] } = writing;
  const fields: CommitFields = {
    volumeId: state.volumeId,
    sequence: state.head.sequence + 1,
    kind: COMMIT.ordinary,
    previousCommitHash: state.head.hash,
    timeMs: state.head.timeMs + 1000,
    manifestVersion: state.manifest.version,
    manifestHash: state.manifest.hash,
    g: state.manifest.g,
    writerFingerprint: writer.fingerprint,
    stateRoot: stateRoot(state.volumeId, changedPages(state.pages, changes)),
    abandoned: [],
    changes: sortedChanges(changes),
    added: [],
    dropped: [],
    ...writing.fields,
  };
  return encodeCommit(fields, (writing.signedBy ?? writer).seed);
}

export function members(state: VolumeState, manifest: Manifest, writing: Writing = {}): Bytes {
  const fields = {
    kind: COMMIT.members,
    manifestVersion: manifest.version,
    manifestHash: manifest.hash,
    g: manifest.g,
  };
  return ordinary(state, { ...writing, fields: { ...fields, ...writing.fields } });
}

export function step(state: VolumeState, bytes: Bytes, manifest?: Manifest): VolumeState {
  return applyCommit(state, readCommit(bytes), TRUST, manifest);
}

export const PHOTOS = fixed("commit folder photos", 16);

export const PLANS = fixed("commit folder plans", 16);

export const [LOW, HIGH] = halves(WHOLE);

export const [HIGH_LOW, HIGH_HIGH] = halves(HIGH);

export const GENESIS = encodeCommit(GENESIS_FIELDS, alice.seed);

export const AFTER_GENESIS = applyGenesis(readCommit(GENESIS), MANIFEST_0, TRUST);

export const FIRST_COMMIT = ordinary(AFTER_GENESIS, {
  changes: [page(ROOT_ID, 2), page(PHOTOS, 1)],
  fields: { added: sortedObjects(object("a"), object("b", 2)) },
});

export const AFTER_FIRST = step(AFTER_GENESIS, FIRST_COMMIT);

export const INVITING = readManifest(nextManifest(MANIFEST_0, FAMILY));

export const MEMBERS_COMMIT = members(AFTER_FIRST, INVITING);

export const AFTER_MEMBERS = step(AFTER_FIRST, MEMBERS_COMMIT, INVITING);

export const SPLIT_COMMIT = ordinary(AFTER_MEMBERS, {
  writer: carol,
  changes: [
    gone(PHOTOS),
    page(PHOTOS, 1, LOW),
    page(PHOTOS, 1, HIGH),
    page(PLANS, 1, LOW),
    page(PLANS, 1, HIGH_LOW),
    page(PLANS, 1, HIGH_HIGH),
    page(ROOT_ID, 3),
  ],
  fields: { added: sortedObjects(object("c")), dropped: sortedObjects(object("b")) },
});

export const AFTER_SPLIT = step(AFTER_MEMBERS, SPLIT_COMMIT);

export function pagesJson(pages: readonly PageState[]): Json {
  return pages.map(({ nodeId, bitsLength, bits, version, recordHash }) => ({
    nodeId: hex(nodeId),
    bitsLength,
    bits,
    version,
    recordHash: hex(recordHash),
  }));
}
