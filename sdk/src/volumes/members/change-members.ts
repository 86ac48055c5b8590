import { equalBytes, toHex } from "@excalibur/core/bytes";
import { decodeManifest } from "@excalibur/core/volume/record";
import { NetworkError } from "../../ports/index.ts";
import { ApiError, GatewayError } from "../../transport/errors.ts";
import type { HeadMaterial, VolumeApi } from "../api.ts";
import { VolumeBusyError } from "../errors.ts";
import type { AcceptedState } from "../state.ts";
import type { AcceptedHead, VolumeMember } from "../types.ts";
import { buildMembers } from "./crypto.ts";
import { identitiesOf, linkKeysOf, removesSomebody, toMembers, toRows } from "./member-list.ts";
import type { MembersChange } from "./types.ts";

/** Somebody wins every round, so this many are enough for a crowd. */
const MAX_ROUNDS = 60;

export interface MembersContext {
  readonly api: VolumeApi;
  readonly member: VolumeMember;
  readonly serverNowMs: () => number;
  /** The newest accepted state, and what it was verified with. */
  readonly current: () => { readonly state: AcceptedState; readonly material: HeadMaterial };
  readonly catchUp: () => Promise<AcceptedHead>;
  /** Whether this head is in the history behind the accepted one. */
  readonly isBehind: (head: AcceptedHead) => Promise<boolean>;
}

/**
 * Writes a new member list as one commit, on the newest one whoever was quicker, and follows it. When somebody goes, the key
 * changes with it. Throws ManifestError, VolumeKeyError, VolumeBusyError, ApiError; then nothing has changed.
 */
export async function changeMembers(
  context: MembersContext,
  change: MembersChange,
  { signal }: { readonly signal?: AbortSignal | undefined } = {},
): Promise<void> {
  const { api, member, serverNowMs, current, catchUp, isBehind } = context;
  for (let round = 1; round <= MAX_ROUNDS; round++) {
    signal?.throwIfAborted();
    const { state, material } = current();
    const known = identitiesOf(state.manifest, material.identities);
    const wish = change(toMembers(state.manifest, known, member.subjectId));
    if (wish === undefined) return;
    const rows = toRows(state.manifest, wish);
    const built = await buildMembers({
      ...{ before: state, rows, rotate: removesSomebody(state.manifest, rows), member, nowMs: serverNowMs() },
      manifests: material.manifests.map(decodeManifest).slice(0, state.manifest.version + 1),
      publicKeys: new Map([
        ...[...known, ...linkKeysOf(state.manifest, material.links)],
        ...[...wish.identities, ...(wish.linkKeys ?? [])].map((each) => [toHex(each.fingerprint), each] as const),
      ]),
    });
    try {
      await api.commit(built.commit, built);
    } catch (error) {
      const moved = error instanceof ApiError && error.code === "head_moved";
      const unknown = error instanceof NetworkError || error instanceof GatewayError;
      if (!moved && !unknown) throw error;
      if (await hasTaken(await catchUp(), built.head, isBehind)) return;
      if (!moved) throw error;
      continue;
    }
    const head = await catchUp();
    // Whatever the server took, the history says whether ours is in it.
    if (await hasTaken(head, built.head, isBehind)) return;
    throw new GatewayError(200, "it took another change than the one that was sent");
  }
  throw new VolumeBusyError();
}

async function hasTaken(
  head: AcceptedHead,
  ours: AcceptedHead,
  isBehind: MembersContext["isBehind"],
): Promise<boolean> {
  if (head.sequence === ours.sequence) return equalBytes(head.hash, ours.hash);
  return head.sequence > ours.sequence && (await isBehind(ours));
}
