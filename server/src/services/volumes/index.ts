/** Volumes: their making, heads, commits, pages. The server checks records and keeps their order; it opens none. */

import type { Database } from "../../db/index.ts";
import type { Announcer } from "../../realtime/index.ts";
import type { Transact } from "../transact.ts";
import { checkObjects } from "./check-objects.ts";
import { fetchPages, putPages } from "./pages.ts";
import { postCommit } from "./post-commit.ts";
import { getPageList, getStatePath } from "./read-state.ts";
import { getHead, listCommits, listVolumes } from "./read-volume.ts";
import { createPending } from "./sharing/create-pending.ts";
import { acceptVolume, leaveVolume, listMembers } from "./sharing/take-part.ts";
import { VolumeStates } from "./volume-states.ts";
import type { VolumesRoom } from "./volumes-room.ts";

export type { VerifiedNewVolume, VolumeCreation } from "./create-volume.ts";
export { createVolume, storeVolume, verifyNewVolume } from "./create-volume.ts";
export { refuseInvalid } from "./record-refusal.ts";
export { StateDamagedError } from "./volume-states.ts";

export interface VolumesPorts {
  readonly database: Database;
  readonly announcer: Announcer;
  readonly clock: () => number;
}

export type Volumes = ReturnType<typeof createVolumes>;

type Caller<Operation extends (room: VolumesRoom, caller: never) => unknown> = Parameters<Operation>[1];

export function createVolumes(ports: VolumesPorts) {
  const room: VolumesRoom = { ...ports, states: new VolumeStates(ports.database) };
  return {
    listVolumes: (userId: Uint8Array) => listVolumes(room, userId),
    getHead: (caller: Caller<typeof getHead>) => getHead(room, caller),
    listCommits: (caller: Caller<typeof listCommits>) => listCommits(room, caller),
    getPageList: (caller: Caller<typeof getPageList>) => getPageList(room, caller),
    getStatePath: (caller: Caller<typeof getStatePath>) => getStatePath(room, caller),
    fetchPages: (caller: Caller<typeof fetchPages>) => fetchPages(room, caller),
    checkObjects: (caller: Caller<typeof checkObjects>) => checkObjects(room, caller),
    putPages: (pages: Parameters<typeof putPages>[1], transact: Transact) => putPages(room, pages, transact),
    createPending: (creation: Parameters<typeof createPending>[1], transact: Transact) =>
      createPending(room, creation, transact),
    listMembers: (caller: Caller<typeof listMembers>) => listMembers(room, caller),
    acceptVolume: (caller: Parameters<typeof acceptVolume>[1], transact: Transact) =>
      acceptVolume(room, caller, transact),
    leaveVolume: (caller: Parameters<typeof leaveVolume>[1], transact: Transact) => leaveVolume(room, caller, transact),
    postCommit: (commit: Parameters<typeof postCommit>[1], transact: Transact) => postCommit(room, commit, transact),
  };
}
