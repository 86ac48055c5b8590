import { concatBytes, FormatError, uint64 } from "@excalibur/core/bytes";
import {
  encodePageList,
  PAGE_REF_LENGTH,
  type PageRange,
  type PageRef,
  requirePageRange,
  type StateTree,
} from "@excalibur/core/volume/record";
import { Refusal } from "../../refusal.ts";
import { breathe } from "./apply-sliced.ts";
import type { VolumeState } from "./volume-states.ts";
import { requireMember, type VolumeCaller, type VolumesRoom } from "./volumes-room.ts";

const pagesAtOnce = 1_000;

export interface SizedBytes {
  readonly sizeBytes: number;
  readonly chunks: AsyncIterable<Uint8Array>;
}

async function requireState({ database, states }: VolumesRoom, caller: VolumeCaller): Promise<VolumeState> {
  await requireMember(database.read, caller);
  const state = await states.current(caller.volumeId);
  if (state === undefined) throw new Refusal("not_found");
  return state;
}

function headOf({ head }: VolumeState): Uint8Array {
  return concatBytes(uint64(head.sequence), head.hash);
}

/** Every current page in the order of the bytes; one state, because trees never change. @throws Refusal `not_found` */
export async function getPageList(room: VolumesRoom, caller: VolumeCaller): Promise<SizedBytes> {
  const state = await requireState(room, caller);
  const head = headOf(state);
  return { sizeBytes: head.length + state.tree.pageCount * PAGE_REF_LENGTH, chunks: encodeState(head, state.tree) };
}

async function* encodeState(head: Uint8Array, tree: StateTree): AsyncGenerator<Uint8Array> {
  yield head;
  let slice: PageRef[] = [];
  for (const nodeId of tree.folders()) {
    slice.push(...tree.pagesOf(nodeId).sort((a, b) => a.bitsLength - b.bitsLength || a.bits - b.bits));
    if (slice.length < pagesAtOnce) continue;
    yield encodePageList(slice);
    slice = [];
    await breathe();
  }
  if (slice.length > 0) yield encodePageList(slice);
}

/** headSequence8 ‖ headHash32 ‖ statePath. @throws Refusal `not_found`, `bad_request` for a page no folder can have */
export async function getStatePath(
  room: VolumesRoom,
  caller: VolumeCaller & { readonly nodeId: Uint8Array; readonly range: PageRange },
): Promise<Uint8Array> {
  try {
    requirePageRange(caller.range);
  } catch (error) {
    if (error instanceof FormatError) throw new Refusal("bad_request", { reason: "query/bits" }, error);
    throw error;
  }
  const state = await requireState(room, caller);
  return concatBytes(headOf(state), state.tree.prove(caller.nodeId, caller.range));
}
