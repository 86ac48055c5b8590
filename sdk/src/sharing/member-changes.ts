/** Changes of a member list, each made again on the newest one whoever was quicker. */

import { equalBytes } from "@excalibur/core/bytes";
import type { MemberRole, MembersChange, VolumeMemberRow, VolumeMembers } from "../volumes/index.ts";
import type { Answer } from "./api.ts";
import type { VerifiedIdentity } from "./crypto.ts";
import { AnsweredError, NotAcceptedError, NotShareableError, NotSharedError, RoleError } from "./errors.ts";
import type { SharedRole } from "./types.ts";

/** Whether this person decides who is in the volume. */
export function decides({ role }: VolumeMembers): boolean {
  return role === "owner" || role === "manager";
}

/** Throws RoleError unless this person decides who is in the volume. */
export function requireManager(members: VolumeMembers): void {
  if (!decides(members)) throw new RoleError("manager");
}

/** The row of somebody who was invited and has not answered. Throws NotSharedError, AnsweredError. */
export function requireUnanswered(
  { rows }: VolumeMembers,
  { answers, name }: { readonly answers: readonly Answer[]; readonly name: string },
): VolumeMemberRow & { readonly role: SharedRole } {
  const row = rows.find((each) => each.name === name);
  if (row === undefined) throw new NotSharedError();
  const answer = answers.find(({ userId }) => equalBytes(userId, row.userId));
  const hasAnswered = answer !== undefined && (answer.acceptedMs !== null || answer.leftMs !== null);
  if (row.role === "owner" || hasAnswered) throw new AnsweredError(name);
  return { ...row, role: row.role };
}

/** Whether this person decides about somebody who has, or is to have, these roles. */
export function mayDecide({ role }: VolumeMembers, roles: readonly (MemberRole | undefined)[]): boolean {
  if (roles.includes("owner")) return false;
  return role === "owner" || (role === "manager" && !roles.includes("manager"));
}

export interface Inviting {
  readonly answers: readonly Answer[];
  readonly nowMs: number;
  /** Of somebody who is on the list: the same once more, with a new envelope. */
  readonly isAgain?: boolean;
}

/** Adds somebody, gives them another role, or invites anew whoever has left or has not answered. */
export function withMember(
  { identity, role }: { readonly identity: VerifiedIdentity; readonly role: SharedRole },
  { answers, nowMs, isAgain = false }: Inviting,
): MembersChange {
  return (members) => {
    requireManager(members);
    const { userId, fingerprint } = identity;
    const known = members.rows.find((row) => equalBytes(row.userId, userId));
    // Taken off it meanwhile: nobody gets back by that.
    if (isAgain && known === undefined) throw new NotSharedError();
    if (known?.role === "owner") throw new NotShareableError("oneself");
    const hasOtherKeys = known !== undefined && !equalBytes(known.fingerprint, fingerprint);
    const isOwners = role === "manager" || known?.role === "manager" || hasOtherKeys;
    if (isOwners && members.role !== "owner") throw new RoleError("owner");
    const isAnew = isAgain || hasLeft(answers, userId);
    if (known && known.role === role && !hasOtherKeys && !isAnew) return undefined;
    const addedMs = known && !isAnew ? known.addedMs : Math.max(nowMs, (known?.addedMs ?? 0) + 1);
    const others = staying(members, answers).filter((row) => !equalBytes(row.userId, userId));
    return { rows: [...others, { userId, fingerprint, role, addedMs }], identities: [identity] };
  };
}

/** Takes people off the list; those who stay get a new key. `gone` says which rows go. Throws NotSharedError when none is there. */
export function withoutMembers(
  gone: (row: VolumeMemberRow) => boolean,
  { answers }: { readonly answers: readonly Answer[] },
): MembersChange {
  return (members) => {
    requireManager(members);
    const leaving = members.rows.filter((row) => row.role !== "owner" && gone(row));
    if (leaving.length === 0) throw new NotSharedError();
    if (members.role !== "owner" && leaving.some(({ role }) => role === "manager")) throw new RoleError("owner");
    const rows = staying(members, answers).filter((row) => !leaving.includes(row));
    return { rows, identities: [] };
  };
}

/** Makes somebody who has accepted the owner; who was it becomes a manager. Throws RoleError, NotSharedError, NotAcceptedError. */
export function withOwner(
  userId: Uint8Array,
  { answers, name }: { readonly answers: readonly Answer[]; readonly name: string },
): MembersChange {
  return (members) => {
    if (members.role !== "owner") throw new RoleError("owner");
    const next = members.rows.find((row) => equalBytes(row.userId, userId));
    if (next === undefined) throw new NotSharedError();
    if (next.role === "owner") return undefined;
    const answer = answers.find((each) => equalBytes(each.userId, userId));
    if (answer === undefined || answer.acceptedMs === null) throw new NotAcceptedError(name);
    const rows = staying(members, answers).map((row): VolumeMemberRow => {
      if (row.role === "owner") return { ...row, role: "manager" };
      return row === next ? { ...row, role: "owner" } : row;
    });
    return { rows, identities: [] };
  };
}

/** Without those who have left, whom the list still names: whoever changes it next takes them off. */
function staying(members: VolumeMembers, answers: readonly Answer[]): VolumeMemberRow[] {
  const mayRemove = (row: VolumeMemberRow) => members.role === "owner" || row.role !== "manager";
  return members.rows.filter((row) => row.role === "owner" || !(hasLeft(answers, row.userId) && mayRemove(row)));
}

export function hasLeft(answers: readonly Answer[], userId: Uint8Array): boolean {
  return answers.some((answer) => answer.leftMs !== null && equalBytes(answer.userId, userId));
}
