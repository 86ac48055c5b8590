import type { Database, ReadHandle } from "../../db/index.ts";
import { findMembership } from "../../db/stores/volumes.ts";
import type { Announcer } from "../../realtime/index.ts";
import { Refusal } from "../../refusal.ts";
import type { VolumeStates } from "./volume-states.ts";

/** What the operations on volumes share. */
export interface VolumesRoom {
  readonly database: Database;
  readonly states: VolumeStates;
  readonly announcer: Announcer;
  readonly clock: () => number;
}

export interface VolumeCaller {
  readonly userId: Uint8Array;
  readonly volumeId: Uint8Array;
}

export type Membership = NonNullable<Awaited<ReturnType<typeof findMembership>>>;

/** The volume and the caller's row in it. To everybody else it does not exist. @throws Refusal `not_found` */
export async function requireMember(read: ReadHandle, { volumeId, userId }: VolumeCaller): Promise<Membership> {
  const membership = await findMembership(read, { volumeId, subjectId: userId });
  if (membership === undefined) throw new Refusal("not_found");
  return membership;
}
