import { equalBytes, toBase64Url } from "@excalibur/core/bytes";
import { decodeIdentity, decodeLinkIdentity, type IdentityChain, verifyIdentityChain } from "@excalibur/core/identity";
import {
  COMMIT_KINDS,
  type Commit,
  type Manifest,
  memberBySubject,
  type StateTree,
  verifyCommit,
  verifyRejoin,
} from "@excalibur/core/volume/record";
import type { ReadHandle } from "../../db/index.ts";
import { findIdentity, listIdentities } from "../../db/stores/identities.ts";
import { findLinkByFingerprint } from "../../db/stores/links.ts";
import { Refusal } from "../../refusal.ts";
import { applySliced } from "./apply-sliced.ts";
import { refuseInvalid, refuseInvalidAsync } from "./record-refusal.ts";
import type { VolumeState } from "./volume-states.ts";

export interface NextCommit {
  readonly state: VolumeState;
  readonly commit: Commit;
  /** What a members commit carries. */
  readonly nextManifest: Manifest | undefined;
  readonly serverTimeMs: number;
}

export interface VerifiedNext {
  readonly state: VolumeState;
  readonly writerUserId: Uint8Array;
}

/** Everything of docs/spec/volumes.md §5 and §8 that needs no page and no object. @throws Refusal `commit_invalid` */
export async function verifyNextCommit(read: ReadHandle, next: NextCommit): Promise<VerifiedNext> {
  const { state, commit, nextManifest, serverTimeMs } = next;
  const writer = await findWriter(read, commit.writerFingerprint);
  if (writer === undefined) throw new Refusal("commit_invalid", { reason: "writer_unknown" });
  const identityChain = await changedIdentities(read, state.manifest, nextManifest);
  const applied = await refuseInvalidAsync("commit_invalid", () => applySliced(state.tree, commit));
  return refuseInvalid("commit_invalid", () => {
    const { fingerprint: known, signatureKey } = writer.keys();
    const signatureKeys = (fingerprint: Uint8Array) => (equalBytes(fingerprint, known) ? signatureKey : undefined);
    const question = { previous: state.head, commit, signatureKeys, identityChain, serverTimeMs };
    const after = commit.kind === COMMIT_KINDS.rejoin ? rejoined(question, state) : accepted(question, next, applied);
    return { state: { head: commit, ...after }, writerUserId: writer.subjectId };
  });
}

interface Writer {
  readonly subjectId: Uint8Array;
  /** Proven when they came to the server; here only the key behind the fingerprint is needed. */
  keys(): { readonly fingerprint: Uint8Array; readonly signatureKey: Uint8Array };
}

/** The account, or the link, that has these keys. */
async function findWriter(read: ReadHandle, fingerprint: Uint8Array): Promise<Writer | undefined> {
  const person = await findIdentity(read, fingerprint);
  if (person !== undefined) return { subjectId: person.user_id, keys: () => decodeIdentity(person.record) };
  const link = await findLinkByFingerprint(read, fingerprint);
  return link && { subjectId: link.link_id, keys: () => decodeLinkIdentity(link.identity) };
}

type Question = Pick<
  Parameters<typeof verifyCommit>[0],
  "previous" | "commit" | "signatureKeys" | "identityChain" | "serverTimeMs"
>;

function accepted(question: Question, { state, nextManifest }: NextCommit, applied: StateTree) {
  const after = verifyCommit({ ...question, state: state.tree, applied, manifest: state.manifest, nextManifest });
  return { manifest: after.manifest, tree: after.state };
}

/** A server that goes on from its own head: the manifest is its newest, because it knows no other branch. */
function rejoined(question: Question, { manifest, tree }: VolumeState) {
  return { manifest: verifyRejoin({ ...question, manifests: [manifest] }).manifest, tree };
}

/** The identities of people whose row in the manifest gets another fingerprint. */
async function changedIdentities(
  read: ReadHandle,
  manifest: Manifest,
  next: Manifest | undefined,
): Promise<(subjectId: Uint8Array) => IdentityChain | undefined> {
  const changed: Uint8Array[] = [];
  for (const after of next?.members ?? []) {
    const before = memberBySubject(manifest, after.subjectId);
    if (before !== null && toBase64Url(before.fingerprint) !== toBase64Url(after.fingerprint)) {
      changed.push(after.subjectId);
    }
  }
  const records = new Map<string, Uint8Array[]>();
  for (const { user_id, record } of await listIdentities(read, changed)) {
    records.set(toBase64Url(user_id), [...(records.get(toBase64Url(user_id)) ?? []), record]);
  }
  return (subjectId) => {
    const chain = records.get(toBase64Url(subjectId));
    return chain && verifyIdentityChain(chain);
  };
}
