import { toBase64Url } from "@excalibur/core/bytes";
import { type Manifest, memberBySubject } from "@excalibur/core/volume/record";
import type { WriteHandle } from "../../../db/index.ts";
import { findAccount } from "../../../db/stores/accounts.ts";
import { insertAudit } from "../../../db/stores/audit.ts";

interface Act {
  readonly actor: Uint8Array;
  readonly nowMs: number;
}

/** Who was let into a volume, who was taken off its list, and whose role is another one. */
export async function auditMembers(
  tx: WriteHandle,
  { before, after }: { readonly before: Manifest; readonly after: Manifest },
  act: Act,
): Promise<void> {
  const { volumeId } = after;
  for (const { subjectId, role } of after.members) {
    const old = memberBySubject(before, subjectId);
    if (old?.role === role) continue;
    await auditMember(tx, { volumeId, subjectId, action: old === null ? "member-added" : "member-changed" }, act);
  }
  for (const { subjectId } of before.members) {
    if (memberBySubject(after, subjectId) !== null) continue;
    await auditMember(tx, { volumeId, subjectId, action: "member-removed" }, act);
  }
}

export interface MemberEntry {
  readonly volumeId: Uint8Array;
  readonly subjectId: Uint8Array;
  readonly action: "member-added" | "member-changed" | "member-removed" | "member-left";
}

export async function auditMember(
  tx: WriteHandle,
  { volumeId, subjectId, action }: MemberEntry,
  { actor, nowMs }: Act,
): Promise<void> {
  const account = await findAccount(tx, subjectId);
  const subject = `${toBase64Url(volumeId)} ${account?.name ?? toBase64Url(subjectId)}`;
  await insertAudit(tx, { atMs: nowMs, actor, action, subject });
}
