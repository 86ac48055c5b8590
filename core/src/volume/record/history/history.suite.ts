import { sha256 } from "../../../primitives/index.ts";
import {
  COMMIT_KINDS,
  type Commit,
  CommitError,
  type CommitFields,
  type CommitQuestion,
  commitToVolumeKey,
  decodeCommit,
  decodeManifest,
  type Manifest,
  ManifestError,
  type PageRef,
  ROLES,
  StateTree,
  signCommit,
  signManifest,
} from "../index.ts";
import {
  alice,
  bob,
  carol,
  dave,
  firstManifest,
  link,
  type Person,
  row,
  signatureKeys,
  volumeId,
  volumeKey,
  ZERO_HASH,
} from "../members/people.suite.ts";

export const manifest = decodeManifest(
  signManifest(
    firstManifest([
      row(bob, ROLES.manager),
      row(carol, ROLES.viewer),
      row(link, ROLES.linkEditor),
      row(dave, ROLES.editor),
    ]),
    alice.seed,
  ),
);
export const hash = (n: number) => sha256(Uint8Array.of(n));
export const objectId = (n: number) => hash(n).slice(0, 16);
export const trashId = objectId(200);
export const page = (nodeId: Uint8Array, version: number, record = hash(version)): PageRef => ({
  nodeId,
  bitsLength: 0,
  bits: 0,
  version,
  recordHash: record,
});

export const genesisChanges = [page(volumeId, 1), page(trashId, 1)];
export const genesisState = StateTree.empty.apply(genesisChanges);
export const genesisFields: CommitFields = {
  volumeId,
  sequence: 0,
  kind: COMMIT_KINDS.genesis,
  previousCommitHash: ZERO_HASH,
  timeMs: 1_000_000,
  manifestVersion: 0,
  manifestHash: manifest.hash,
  g: 0,
  writerFingerprint: alice.fingerprint,
  stateRoot: genesisState.root(volumeId),
  abandoned: [],
  changes: genesisChanges,
  added: [],
  dropped: [],
};
export const genesis = decodeCommit(signCommit(genesisFields, alice.seed));
export const changed = [page(volumeId, 2)];
export const after = genesisState.apply(changed);

export const write = (change: Partial<CommitFields> = {}, writer: Person = dave): Commit => {
  const fields: CommitFields = {
    ...genesisFields,
    kind: COMMIT_KINDS.ordinary,
    sequence: 1,
    previousCommitHash: genesis.hash,
    timeMs: genesis.timeMs + 1,
    writerFingerprint: writer.fingerprint,
    stateRoot: after.root(volumeId),
    changes: changed,
    added: [{ objectId: objectId(1), count: 2 }],
    dropped: [{ objectId: objectId(2), count: 65_535 }],
    ...change,
  };
  return decodeCommit(signCommit(fields, writer.seed));
};
export const question = (commit: Commit, more: Partial<CommitQuestion> = {}): CommitQuestion => ({
  previous: genesis,
  commit,
  manifest,
  state: genesisState,
  signatureKeys,
  ...more,
});

export function refusal(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    if (error instanceof CommitError || error instanceof ManifestError) return error.reason;
    return (error as Error).name;
  }
  return "accepted";
}

export const follow = (before: Manifest, signer: Person, g: number, others = [...before.members]): Manifest =>
  decodeManifest(
    signManifest(
      {
        ...before,
        version: before.version + 1,
        previousManifestHash: before.hash,
        nonce: ZERO_HASH,
        g,
        vkCommitment: g === before.g ? before.vkCommitment : commitToVolumeKey({ volumeId, g }, volumeKey(g)),
        signerFingerprint: signer.fingerprint,
        members: others,
      },
      signer.seed,
    ),
  );

export const members = (of: Manifest, change: Partial<CommitFields> = {}, writer: Person = bob): Commit =>
  write(
    {
      kind: COMMIT_KINDS.members,
      manifestVersion: of.version,
      manifestHash: of.hash,
      g: of.g,
      stateRoot: genesis.stateRoot,
      changes: [],
      added: [],
      dropped: [],
      ...change,
    },
    writer,
  );
