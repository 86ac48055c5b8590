import { equalBytes } from "@excalibur/core/bytes";
import type { MountedVolumes } from "../../mounts/index.ts";
import type { MembersChange, Volume, VolumeMemberRow, VolumeMembers } from "../../volumes/index.ts";
import type { Answer } from "../api.ts";
import { NotShareableError } from "../errors.ts";
import { hasLeft } from "../member-changes.ts";

/**
 * Whoever is in the volume around a new one gets into it as what they are there, its owner as a manager. Links stay out: what is
 * shared on its own is not what their address was given for.
 */
export function withOuterMembers(
  outer: VolumeMembers,
  { answers, nowMs }: { readonly answers: readonly Answer[]; readonly nowMs: number },
): MembersChange {
  return ({ rows }) => {
    const isThere = ({ userId }: VolumeMemberRow) => rows.some((row) => equalBytes(row.userId, userId));
    const missing = outer.rows.filter((row) => !(isThere(row) || hasLeft(answers, row.userId)));
    if (missing.length === 0) return undefined;
    const added = missing.map((row) => ({
      ...row,
      role: row.role === "owner" ? ("manager" as const) : row.role,
      addedMs: nowMs,
    }));
    return { rows: [...rows, ...added], identities: outer.identities };
  };
}

/** The volume that a shared one stands in, where that is not this person's own drive. */
export function aroundOf(volumes: MountedVolumes, { volumeId }: Volume): Volume | undefined {
  const outer = volumes.mountOf(volumeId)?.outer;
  return outer === volumes.home ? undefined : outer;
}

/** Whose folder it is inside of stays in it, as a manager at least. Throws NotShareableError. */
export function requireOuterOwnerStays(outer: Volume | undefined, isLosing: (row: VolumeMemberRow) => boolean): void {
  if (outer !== undefined && isLosing(outer.members().owner)) throw new NotShareableError("outer-owner");
}
