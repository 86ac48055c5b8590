/** Stored ciphertext: who may read it, its bytes and proofs, and small objects in batches. */

import { toBase64Url } from "@excalibur/core/bytes";
import { Turnstile } from "../turnstile.ts";
import { InFlight } from "./in-flight.ts";
import type { ObjectsRoom } from "./objects-room.ts";
import { getProof, type ProofQuestion } from "./prove-range.ts";
import { fetchObjects, getObject } from "./read-object.ts";
import { Readings } from "./readings.ts";
import { type BatchRequest, storeBatch } from "./store-batch.ts";

export type { ByteRange } from "./byte-range.ts";
export { leavesPerRun } from "./leaf-runs.ts";
export { readStored } from "./read-stored.ts";

export type Objects = ReturnType<typeof createObjects>;

/** Batches of one account that may be in memory at once, 8 MiB each. */
const batchesAtOnce = 4;

export function createObjects(ports: Omit<ObjectsRoom, "storing" | "readings">) {
  const room: ObjectsRoom = { ...ports, storing: new InFlight(), readings: new Readings() };
  const batches = new Turnstile(batchesAtOnce);
  return {
    getObject: (caller: Parameters<typeof getObject>[1]) => getObject(room, caller),
    fetchObjects: (caller: Parameters<typeof fetchObjects>[1]) => fetchObjects(room, caller),
    getProof: (question: ProofQuestion) => getProof(room, question),
    /** Ends the answers on their way to these accounts (base64url) that they may not read any more. */
    cutOff: (userIds: readonly string[]) => room.readings.cutOff(userIds),
    /** Whether bytes of this object (base64url) are being stored whose row is not yet written. */
    isStoring: (objectId: string) => room.storing.has(objectId),
    storeBatch: (request: BatchRequest) => batches.run(toBase64Url(request.userId), () => storeBatch(room, request)),
  };
}
