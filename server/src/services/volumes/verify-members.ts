import { equalBytes, toBase64Url } from "@excalibur/core/bytes";
import { EXEF_KIND, isPossibleCiphertextLength, parseExefHeader } from "@excalibur/core/exef/public";
import { type Envelope, parseEnvelope } from "@excalibur/core/identity";
import {
  type Commit,
  decodeManifest,
  isLinkRole,
  type Manifest,
  type Member,
  memberByFingerprint,
  memberBySubject,
} from "@excalibur/core/volume/record";
import type { ReadHandle } from "../../db/index.ts";
import { listIdentities } from "../../db/stores/identities.ts";
import { listLinksOfVolume } from "../../db/stores/links.ts";
import { Refusal } from "../../refusal.ts";
import { refuseInvalid } from "./record-refusal.ts";

/** What travels with a members commit. */
export interface MembersBody {
  readonly manifest?: Uint8Array | undefined;
  readonly previousKeys?: Uint8Array | undefined;
  readonly envelopes?: readonly Uint8Array[] | undefined;
}

export interface MembersRecords {
  readonly manifest: Manifest;
  readonly previousKeys: Uint8Array | undefined;
  readonly envelopes: readonly Envelope[];
}

export function decodeMembers(body: MembersBody): MembersRecords | undefined {
  if (body.manifest === undefined) {
    if (body.previousKeys !== undefined || (body.envelopes?.length ?? 0) > 0) {
      throw new Refusal("record_invalid", { reason: "manifest" });
    }
    return undefined;
  }
  const { manifest } = body;
  return refuseInvalid("record_invalid", () => ({
    manifest: decodeManifest(manifest),
    previousKeys: body.previousKeys,
    envelopes: (body.envelopes ?? []).map(parseEnvelope),
  }));
}

export interface MembersQuestion {
  readonly before: Manifest;
  readonly commit: Commit;
  readonly records: MembersRecords;
  /** Whether the sender wrote the commit; somebody who sends it again can make fewer envelopes. */
  readonly isWriter: boolean;
}

/**
 * What the server can tell of the records beside a manifest whose succession was verified: whom envelopes are for, that
 * a new generation brings the keys before it, that members exist here. @throws Refusal `record_invalid`
 */
export async function verifyMembers(read: ReadHandle, question: MembersQuestion): Promise<void> {
  verifyPreviousKeys(question);
  verifyEnvelopes(question);
  await requireKnownMembers(read, question);
}

function verifyPreviousKeys({ before, records }: MembersQuestion): void {
  const { manifest, previousKeys } = records;
  const isNewGeneration = manifest.g > before.g;
  demand(isNewGeneration === (previousKeys !== undefined), "previous_keys");
  if (previousKeys === undefined) return;
  refuseInvalid("record_invalid", () => {
    demand(isPossibleCiphertextLength(previousKeys.length), "previous_keys");
    demand(parseExefHeader(previousKeys).kind === EXEF_KIND.previousKeys, "previous_keys");
  });
}

function verifyEnvelopes({ before, records, isWriter }: MembersQuestion): void {
  const { manifest, envelopes } = records;
  const recipients = new Set<string>();
  for (const envelope of envelopes) {
    const named =
      equalBytes(envelope.volumeId, manifest.volumeId) &&
      envelope.g === manifest.g &&
      envelope.manifestVersion === manifest.version;
    demand(named, "envelope");
    demand(memberByFingerprint(manifest, envelope.senderFingerprint) !== null, "envelope_sender");
    demand(memberByFingerprint(manifest, envelope.recipientFingerprint) !== null, "envelope_recipient");
    recipients.add(toBase64Url(envelope.recipientFingerprint));
  }
  demand(recipients.size === envelopes.length, "envelope_twice");
  if (!isWriter) return;
  for (const member of manifest.members) {
    const isNew = memberBySubject(before, member.subjectId) === null;
    const needsOne = isNew || manifest.g > before.g;
    demand(!needsOne || recipients.has(toBase64Url(member.fingerprint)), "envelope_missing");
  }
}

async function requireKnownMembers(read: ReadHandle, { before, records }: MembersQuestion): Promise<void> {
  const fresh = [...records.manifest.members].filter((member) => {
    const row = memberBySubject(before, member.subjectId);
    return row === null || !equalBytes(row.fingerprint, member.fingerprint);
  });
  await requireKnownLinks(
    read,
    records.manifest.volumeId,
    fresh.filter(({ role }) => isLinkRole(role)),
  );
  const people = fresh.filter(({ role }) => !isLinkRole(role));
  const identities = await listIdentities(
    read,
    people.map((member) => member.subjectId),
  );
  for (const { subjectId, fingerprint } of people) {
    const isKnown = identities.some(
      (identity) => equalBytes(identity.user_id, subjectId) && equalBytes(identity.fingerprint, fingerprint),
    );
    demand(isKnown, "member_unknown");
  }
}

/** Links were prepared here, so that their keys can be served to everybody who reads the list. */
async function requireKnownLinks(read: ReadHandle, volumeId: Uint8Array, fresh: readonly Member[]): Promise<void> {
  if (fresh.length === 0) return;
  const known = await listLinksOfVolume(read, volumeId);
  for (const { subjectId, fingerprint, role } of fresh) {
    const link = known.find((row) => equalBytes(row.link_id, subjectId));
    const isThis = link !== undefined && equalBytes(link.fingerprint, fingerprint) && link.role === role;
    // A link that was taken back stays so: its log and its visitors would be another's.
    demand(isThis && link.revoked_ms === null, "link");
  }
}

function demand(condition: boolean, reason: string): void {
  if (!condition) throw new Refusal("record_invalid", { reason });
}
