/** Many items at once: in steps, so that whoever waits hears how far it is, and can stop it. */

import { compareBytes } from "@excalibur/core/bytes";
import type { MountedVolumes } from "../mounts/index.ts";
import { FolderDamagedError, type Volume, type VolumeEditor } from "../volumes/index.ts";
import { moveAcross } from "./across.ts";
import { mapped, type Outcome, outcomeOf, valueOrThrow } from "./arrivals.ts";
import { findIn, type Group } from "./places.ts";
import { deleteForGood, type Restored, restoreEntries, type TrashPlace, trashEntries } from "./trash-changes.ts";
import { type Move, moveEntries, requireMovable } from "./tree-changes.ts";
import type { Follower, ItemRef, Many, ManyOptions, MovedItem } from "./types.ts";

/** What one commit moves: about a second. */
const ITEMS_A_COMMIT = 10_000;

/**
 * Items as one commit takes them: all, in their order, or so many at a time in the order of their ids. Ids that are close are
 * in the same pages of a listing, so each page is written once and not in every step.
 */
export function stepsOf<T extends Pick<ItemRef, "childId">>(items: readonly T[]): T[][] {
  if (items.length <= ITEMS_A_COMMIT) return items.length === 0 ? [] : [[...items]];
  const sorted = items.toSorted((a, b) => compareBytes(a.childId, b.childId));
  const steps: T[][] = [];
  for (let at = 0; at < sorted.length; at += ITEMS_A_COMMIT) steps.push(sorted.slice(at, at + ITEMS_A_COMMIT));
  return steps;
}

export interface ManyContext extends ManyOptions {
  readonly volumes: MountedVolumes;
  readonly placeOf: (volume: Volume) => Promise<TrashPlace>;
  readonly follower: Follower | undefined;
}

/** An item as its volume knows it, and which of the given ones it is. */
interface Placed {
  readonly index: number;
  readonly volume: Volume;
  readonly ref: ItemRef;
}

/** Moves items, each to where it says. Within a volume many travel in one commit; into another one, each is copied first. */
export async function moveMany(context: ManyContext, moves: readonly Move[]): Promise<Many<MovedItem>> {
  const run = new Run<MovedItem>(context, moves.length);
  const within: (Placed & Move)[] = [];
  const across: (Placed & Move & { readonly target: Volume })[] = [];
  await run.each(moves, async ({ ref, to }, index) => {
    const from = await findIn(context.volumes, ref);
    const { rootId, trashId } = await run.place(from.volume);
    requireMovable(from.ref.childId, [rootId, trashId]);
    const target = await context.volumes.place(to.folderId);
    const placed = { ...from, index, to: { ...to, folderId: target.nodeId } };
    if (target.volume === from.volume) within.push(placed);
    else across.push({ ...placed, target: target.volume });
  });
  await run.inSteps(within, async (editor, some) => {
    const names = await moveEntries(editor, some);
    return names.map((name, at) => mapped(name, (there) => movedWithin(some[at] as Placed, there)));
  });
  for (const { index, volume, ref, target, to } of across) {
    if (run.isStopped) break;
    const place = await run.place(volume);
    const crossing = { from: { volume, ref }, target, to, place, follower: context.follower };
    run.settle(index, await outcomeOf(() => moveAcross(crossing, run.options)));
  }
  return run.result;
}

function movedWithin({ ref: { childId } }: Placed, name: string): MovedItem {
  return { childId, name, left: undefined };
}

/** Puts items of the trash back to where they were, folders first. */
export async function restoreMany(context: ManyContext, refs: readonly ItemRef[]): Promise<Many<Restored>> {
  const run = new Run<Restored>(context, refs.length);
  const folders: Placed[] = [];
  const others: Placed[] = [];
  await run.each(refs, async (each, index) => {
    const { volume, ref } = await findIn(context.volumes, each);
    (volume.hasFolder(ref.childId) ? folders : others).push({ index, volume, ref });
  });
  for (const some of [folders, others]) {
    await run.inSteps(some, async (editor, placed, place) =>
      restoreEntries(
        editor,
        placed.map(({ ref }) => ref),
        place,
      ),
    );
  }
  return run.result;
}

/**
 * Gives the items as they are in the trash; where `signal` aborts, those that were moved until then. Before anything was moved
 * (`isBegun`: not by the caller, either) it throws the reason.
 */
export async function trashMany(
  { volume, refs }: Group,
  place: TrashPlace,
  { isBegun, signal, onItems }: ManyOptions & { readonly isBegun: boolean },
): Promise<ItemRef[]> {
  for (const ref of refs) requireMovable(ref.childId, [place.rootId, place.trashId]);
  const trashed: ItemRef[] = [];
  for (const step of stepsOf(refs)) {
    const mayThrow = !isBegun && trashed.length === 0;
    if (!mayThrow && signal?.aborted) break;
    const options = mayThrow && signal !== undefined ? { signal } : {};
    await volume.change((editor) => trashEntries(editor, step, place), options);
    for (const ref of step) trashed.push({ ...ref, parentId: place.trashId });
    onItems?.(step.length);
  }
  return trashed;
}

/** Where `signal` aborts, what was deleted until then stays deleted, and the reason is thrown. */
export async function deleteMany(
  { volume, refs }: Group,
  place: TrashPlace,
  { signal, onItems }: ManyOptions,
): Promise<void> {
  const options = signal === undefined ? {} : { signal };
  for (let left = refs; left.length > 0; ) {
    const now = left;
    left = await volume.change((editor) => deleteForGood(editor, now, place), options);
    onItems?.(now.length - left.length);
  }
}

class Run<T> {
  readonly #context: ManyContext;
  readonly #done: (T | undefined)[];
  readonly #failures: unknown[] = [];
  readonly #places = new Map<Volume, Promise<TrashPlace>>();

  constructor(context: ManyContext, count: number) {
    this.#context = context;
    this.#done = new Array<T | undefined>(count).fill(undefined);
  }

  get result(): Many<T> {
    return { done: this.#done, failures: this.#failures };
  }

  get isStopped(): boolean {
    return this.#context.signal?.aborted === true;
  }

  get options(): { readonly signal?: AbortSignal } {
    const { signal } = this.#context;
    return signal === undefined ? {} : { signal };
  }

  place(volume: Volume): Promise<TrashPlace> {
    const known = this.#places.get(volume) ?? this.#context.placeOf(volume);
    this.#places.set(volume, known);
    return known;
  }

  settle(index: number, outcome: Outcome<T>): void {
    if ("value" in outcome) this.#done[index] = outcome.value;
    // One that was not come to has not failed.
    else if (!this.isStopped || outcome.error !== this.#context.signal?.reason) this.#failures.push(outcome.error);
    this.#context.onItems?.(1);
  }

  /** What cannot even be found has failed. */
  async each<Given>(given: readonly Given[], find: (one: Given, index: number) => Promise<void>): Promise<void> {
    for (const [index, one] of given.entries()) {
      try {
        await find(one, index);
      } catch (error) {
        this.settle(index, { error });
      }
    }
  }

  async inSteps<Item extends Placed>(items: readonly Item[], change: Step<T, Item>): Promise<void> {
    for (const [volume, some] of Map.groupBy(items, (item) => item.volume)) {
      const place = await this.place(volume);
      for (const step of stepsOf(some.map((item) => ({ item, childId: item.ref.childId })))) {
        if (this.isStopped) return;
        const these = step.map(({ item }) => item);
        await this.#step(these, (editor, items) => change(editor, items, place));
      }
    }
  }

  /**
   * What failed among others is tried once more by itself: a damaged page keeps those from being moved that are listed there,
   * and nobody else; and one that somebody moved meanwhile is looked for in the newest state.
   */
  async #step<Item extends Placed>(items: readonly Item[], change: Change<T, Item>): Promise<void> {
    const { volume } = items[0] as Item;
    const whole = await outcomeOf(() => volume.change((editor) => change(editor, items), this.options));
    if ("error" in whole && !(whole.error instanceof FolderDamagedError)) {
      for (const { index } of items) this.settle(index, whole);
      return;
    }
    const failed: Item[] = [];
    for (const [at, item] of items.entries()) {
      const outcome = "error" in whole ? whole : (whole.value[at] as Outcome<T>);
      if ("error" in outcome) failed.push(item);
      else this.settle(item.index, outcome);
    }
    await Promise.all(failed.map((item) => this.#alone(item, change)));
  }

  async #alone<Item extends Placed>(item: Item, change: Change<T, Item>): Promise<void> {
    const work = async (editor: VolumeEditor) => valueOrThrow((await change(editor, [item]))[0] as Outcome<T>);
    this.settle(item.index, await outcomeOf(() => item.volume.change(work, this.options)));
  }
}

type Change<T, Item extends Placed> = (editor: VolumeEditor, items: readonly Item[]) => Promise<Outcome<T>[]>;

type Step<T, Item extends Placed> = (
  editor: VolumeEditor,
  items: readonly Item[],
  place: TrashPlace,
) => Promise<Outcome<T>[]>;
