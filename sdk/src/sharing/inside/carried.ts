import { equalBytes } from "@excalibur/core/bytes";
import type { MemberRole, VolumeMemberRow, VolumeMembers } from "../../volumes/index.ts";
import type { Answer } from "../api.ts";
import type { VerifiedIdentity } from "../crypto.ts";
import { hasLeft, mayDecide, withMember, withoutMembers } from "../member-changes.ts";
import type { SharedRole } from "../types.ts";
import { type Carried, type Decision, NOTHING } from "./carry.ts";

const RANK: Readonly<Record<MemberRole, number>> = { viewer: 0, editor: 1, manager: 2, owner: 3 };

export interface CarriedMember {
  readonly identity: VerifiedIdentity;
  readonly role: SharedRole;
  /** What they were around it before; undefined: they are new there. */
  readonly before: MemberRole | undefined;
  readonly nowMs: number;
}

/**
 * Somebody who is new around is let in. A role follows where it was the one around; who has another one inside, or none, has it by
 * somebody's decision, and keeps it.
 */
export function carriedMember({ identity, role, before, nowMs }: CarriedMember): Carried {
  const { userId } = identity;
  return {
    isGrant: before === undefined || RANK[role] > RANK[before],
    decide: (members, answers) => {
      const known = members.rows.find((row) => equalBytes(row.userId, userId));
      const isThere = known !== undefined && !hasLeft(answers, userId);
      const isMeant = before === undefined ? !isThere : isThere && known.role === before && before !== role;
      if (!isMeant || known?.role === "owner") return NOTHING;
      if (!mayDecide(members, [known?.role, role])) return { change: undefined, kept: true };
      return { change: withMember({ identity, role }, { answers, nowMs }), kept: false };
    },
  };
}

/** Those who go around it go inside, too, whatever they are there; its owner alone cannot. */
export function carriedRemoval(isGone: (row: VolumeMemberRow) => boolean): Carried {
  return { isGrant: false, decide: (members, answers) => withoutThose(members, answers, isGone) };
}

function withoutThose(
  members: VolumeMembers,
  answers: readonly Answer[],
  isGone: (row: VolumeMemberRow) => boolean,
): Decision {
  const there = members.rows.filter(isGone);
  const going = there.filter(({ role }) => mayDecide(members, [role]));
  const kept = going.length < there.length;
  if (going.length === 0) return { change: undefined, kept };
  const isGoing = (row: VolumeMemberRow) => going.some(({ userId }) => equalBytes(userId, row.userId));
  const remove = withoutMembers(isGoing, { answers });
  // Somebody else was quicker: then it is done.
  return { kept, change: (newest) => (newest.rows.some(isGoing) ? remove(newest) : undefined) };
}
