/**
 * [Note: How a rewind is planned]
 * What differs between two states stands on folders that some commit between them changed, so only these are read, as
 * they were and as they are. Every entry has an id that survives renaming and moving: what the folder held then is put
 * back under its old name in its old place, wherever it is now; what it holds now and did not hold then goes to the trash,
 * or back to where it came in from. What is gone for good is made again from its earlier listing, with new ids, unless the
 * same stands in its place already: a file of the same content, or a folder of the same name, which then stands for it.
 * What is shared by now stays as it is, as a whole, and so does what was shared then ([Note: What was shared meanwhile]): what was in it
 * stands in another history.
 */

import { equalBytes, toHex } from "@excalibur/core/bytes";
import {
  ENTRY_TYPE,
  type Entry,
  type Folder,
  isKnownType,
  PageMissingError,
  type PastVolume,
  type VolumeReader,
} from "../../volumes/index.ts";
import { RewindAroundError } from "../errors.ts";
import { typeOf } from "../reading.ts";
import { type Landmarks, Lineage } from "./lineage.ts";
import { StepPaths } from "./step-paths.ts";
import { type Listed, leadsElsewhere, Successors } from "./successors.ts";
import type { RewindChange, RewindLeft, RewindLoss, RewindPlan, Since, Step } from "./types.ts";

export interface PlanOptions extends Landmarks {
  readonly now: VolumeReader;
  readonly then: PastVolume;
  /** Folders that were changed since, beyond those the history tells: drafts that share the commit. */
  readonly drafted?: readonly Uint8Array[];
  /** Those of these objects that the server does not have any more. */
  readonly missingObjects: (objectIds: readonly Uint8Array[]) => Promise<readonly Uint8Array[]>;
  readonly onFolder?: (() => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface Planned extends RewindPlan {
  /** Damage of then under the folder: pages that are no longer kept. */
  readonly missingPages: readonly Folder["damage"][number][];
  /** Of `place` steps: objects that are gone, by hex. */
  readonly goneObjects: ReadonlySet<string>;
}

/** Throws RewindAroundError, and the integrity error of a listing that was altered. */
export async function planRewind(options: PlanOptions): Promise<Planned> {
  return await new Planner(options).plan();
}

class Planner {
  readonly #options: PlanOptions;
  readonly #lineageThen: Lineage;
  readonly #lineageNow: Lineage;
  readonly #foldersThen = new Map<string, Folder>();
  readonly #foldersNow = new Map<string, Folder>();
  readonly #entriesThen = new Map<string, Listed>();
  readonly #entriesNow = new Map<string, Listed>();
  readonly #paths: StepPaths;
  /** Folders of now that stand for folders of then which are gone, by the hex of these. */
  readonly #standIns = new Map<string, Uint8Array | undefined>();
  /** Entries of now that count as what was there, though their ids are new. */
  readonly #claimed = new Set<string>();
  #successors = new Successors(new Map(), new Map(), () => true);
  readonly #left: RewindLeft[] = [];
  /** Entries of now that are in it. */
  readonly #told = new Set<string>();
  readonly #missingPages: Folder["damage"][number][] = [];
  readonly #steps: Step[] = [];
  readonly #lost: RewindLoss[] = [];
  /** Where folders will be, as far as it changes. */
  readonly #parents = new Map<string, Uint8Array>();

  constructor(options: PlanOptions) {
    this.#options = options;
    this.#lineageThen = new Lineage(options.then, options);
    this.#lineageNow = new Lineage(options.now, options);
    this.#paths = new StepPaths(options, { was: this.#lineageThen, is: this.#lineageNow });
  }

  async plan(): Promise<Planned> {
    const { now } = this.#options;
    await this.#readFolders();
    this.#successors = new Successors(this.#entriesThen, this.#entriesNow, (entry) => this.#stands(entry));
    for (const folder of this.#foldersThen.values()) await this.#noteDamage(folder);
    for (const folder of this.#foldersThen.values()) await this.#putBack(folder);
    for (const folder of this.#foldersNow.values()) await this.#takeOut(folder);
    const goneObjects = await this.#findGone();
    const steps = await this.#withoutShared(this.#reachable(this.#steps.filter((step) => !isGone(step, goneObjects))));
    for (const step of this.#steps) await this.#tellLoss(step, goneObjects);
    await this.#requireNotAround(now, steps);
    const changes: RewindChange[] = [];
    for (const step of steps) {
      const change = await this.#describe(step, goneObjects);
      if (change.since.length > 0) changes.push(change);
    }
    const left = this.#left.sort(byPath);
    changes.sort(byPath);
    return { steps, changes, lost: this.#lost, left, missingPages: this.#missingPages, goneObjects };
  }

  async #readFolders(): Promise<void> {
    const { now, then, drafted = [], onFolder, signal } = this.#options;
    const touched = new Map([...then.touched, ...drafted].map((nodeId) => [toHex(nodeId), nodeId]));
    await then.prefetch(
      [...touched.values()].filter((nodeId) => then.hasFolder(nodeId)),
      { signal },
    );
    for (const [key, nodeId] of touched) {
      signal?.throwIfAborted();
      onFolder?.();
      if (then.hasFolder(nodeId)) {
        const folder = await then.readFolder(nodeId);
        this.#foldersThen.set(key, folder);
        for (const entry of folder.entries) this.#entriesThen.set(toHex(entry.childId), { parentId: nodeId, entry });
      }
      if (!now.hasFolder(nodeId)) continue;
      const folder = await now.readFolder(nodeId);
      this.#foldersNow.set(key, folder);
      for (const entry of folder.entries) this.#entriesNow.set(toHex(entry.childId), { parentId: nodeId, entry });
      if (folder.damage[0] && (await this.#lineageNow.sideOf(nodeId)) === "inside") throw folder.damage[0].cause;
    }
  }

  /** A folder whose pages still stand is only listed again; a listing without pages means nothing. */
  #stands({ type, childId }: Entry): boolean {
    return type === ENTRY_TYPE.folder ? this.#options.now.hasFolder(childId) : this.#entriesNow.has(toHex(childId));
  }

  /** What is no longer kept is told; what was altered ends everything. Elsewhere it concerns nobody here. */
  async #noteDamage({ nodeId, damage }: Folder): Promise<void> {
    const [first] = damage;
    if (first === undefined || this.#successors.hasTaken(nodeId)) return;
    const side = await this.#lineageThen.sideOf(nodeId);
    if (side !== "inside" && side !== "unknown") return;
    for (const each of damage) {
      if (!(each.cause instanceof PageMissingError)) throw each.cause;
      this.#missingPages.push(each);
    }
    this.#lost.push({ path: await this.#paths.was(nodeId, ""), reason: "listing" });
  }

  async #putBack({ nodeId, entries }: Folder): Promise<void> {
    if (this.#successors.hasTaken(nodeId) || (await this.#lineageThen.sideOf(nodeId)) !== "inside") return;
    const toId = this.#standIn(nodeId) ?? nodeId;
    for (const entryThen of entries) {
      const { childId } = entryThen;
      const listed = this.#entriesNow.get(toHex(childId));
      const here = listed && equalBytes(listed.parentId, nodeId);
      if (here && isSame(listed.entry, entryThen)) continue;
      if (!isKnownType(entryThen)) {
        this.#lost.push({ path: await this.#paths.was(nodeId, entryThen.name), reason: "newer_version" });
        continue;
      }
      const successor = this.#successors.of(entryThen);
      if (successor) {
        await this.#leave({ parentId: nodeId, entry: entryThen }, { toId, successor });
        continue;
      }
      const stands = this.#stands(entryThen);
      if (!stands && entryThen.type === ENTRY_TYPE.mount) {
        this.#lost.push({ path: await this.#paths.was(nodeId, entryThen.name), reason: "shared" });
        continue;
      }
      const isFolder = entryThen.type === ENTRY_TYPE.folder;
      if (!stands && (isFolder ? this.#standIn(childId) : this.#claim(toId, entryThen))) continue;
      const entryNow = stands ? (listed?.entry ?? entryThen) : undefined;
      this.#steps.push({
        kind: "place",
        childId,
        fromId: listed?.parentId,
        toId,
        thenId: nodeId,
        entryNow,
        entryThen,
      });
      this.#parents.set(toHex(childId), toId);
    }
  }

  /** What is shared stays; what was shared then goes where it was, with what is in it now. */
  async #leave(
    { parentId: thenId, entry: entryThen }: Listed,
    { toId, successor }: { readonly toId: Uint8Array; readonly successor: Listed },
  ): Promise<void> {
    const { parentId: fromId, entry: entryNow } = successor;
    const path = await this.#paths.was(thenId, entryThen.name);
    await this.#tellLeft(reasonOf(entryNow), entryNow, { fromId, path });
    if (entryNow.mount || (equalBytes(fromId, toId) && entryNow.name === entryThen.name)) return;
    const { childId } = entryNow;
    this.#steps.push({ kind: "place", childId, fromId, toId, thenId, entryNow, entryThen });
    this.#parents.set(toHex(childId), toId);
  }

  async #tellLeft(
    reason: RewindLeft["reason"],
    entry: Entry,
    { fromId, path = null }: { readonly fromId: Uint8Array; readonly path?: string | null },
  ): Promise<void> {
    this.#told.add(toHex(entry.childId));
    this.#left.push({ reason, type: typeOf(entry), path, pathNow: await this.#paths.is(fromId, entry.name) });
  }

  /** What is shared goes to no trash, neither by itself nor with what it lies in. */
  async #withoutShared(steps: readonly Step[]): Promise<Step[]> {
    const moved = new Set(steps.filter(({ kind }) => kind !== "trash").map(({ childId }) => toHex(childId)));
    const kept: Step[] = [];
    for (const step of steps) {
      if (step.kind !== "trash" || !(await leadsElsewhere(this.#options.now, step.entryNow, moved))) kept.push(step);
      else await this.#tellLeft(step.entryNow.mount ? "shared" : "shared_inside", step.entryNow, step);
    }
    return kept;
  }

  /** The folder itself while it exists, else one that was made in its place since. */
  #standIn(nodeId: Uint8Array): Uint8Array | undefined {
    if (this.#options.now.hasFolder(nodeId)) return nodeId;
    const key = toHex(nodeId);
    if (this.#standIns.has(key)) return this.#standIns.get(key);
    this.#standIns.set(key, undefined);
    const listed = this.#entriesThen.get(key);
    const parentId = listed && this.#standIn(listed.parentId);
    const found = listed && parentId && this.#claim(parentId, listed.entry);
    this.#standIns.set(key, found);
    return found;
  }

  /** An entry that was added since and is just what was there; each counts for one only. */
  #claim(folderId: Uint8Array, then: Entry): Uint8Array | undefined {
    const entries = this.#foldersNow.get(toHex(folderId))?.entries ?? [];
    const found = entries.find((entry) => {
      const key = toHex(entry.childId);
      if (this.#entriesThen.has(key) || this.#claimed.has(key) || this.#successors.isOne(entry)) return false;
      return entry.type === then.type && isSame(entry, then);
    });
    if (found === undefined) return undefined;
    this.#claimed.add(toHex(found.childId));
    return found.childId;
  }

  /** Of a folder that is inside at both moments: what it lists now and nothing inside listed then. */
  async #takeOut({ nodeId, entries }: Folder): Promise<void> {
    const wasInside = this.#foldersThen.has(toHex(nodeId)) && (await this.#lineageThen.sideOf(nodeId)) === "inside";
    if (!(wasInside || this.#claimed.has(toHex(nodeId)))) return;
    for (const entryNow of entries) {
      if (this.#successors.isOne(entryNow)) {
        if (!this.#told.has(toHex(entryNow.childId)))
          await this.#tellLeft(reasonOf(entryNow), entryNow, { fromId: nodeId });
        continue;
      }
      const listed = this.#entriesThen.get(toHex(entryNow.childId));
      const side = listed && (await this.#lineageThen.sideOf(listed.parentId));
      if (side === "inside" || !isKnownType(entryNow) || this.#claimed.has(toHex(entryNow.childId))) continue;
      // Where a listing is no longer kept nobody can tell what is new: it stays.
      if (listed === undefined && this.#missingPages.length > 0) continue;
      const { childId } = entryNow;
      const step = { childId, fromId: nodeId, entryNow };
      if (listed && side === "outside" && (await this.#willStand(listed.parentId, childId))) {
        this.#steps.push({ kind: "return", ...step, toId: listed.parentId, entryThen: listed.entry });
        this.#parents.set(toHex(childId), listed.parentId);
      } else {
        this.#steps.push({ kind: "trash", ...step });
        this.#parents.set(toHex(childId), this.#options.trashId);
      }
    }
  }

  /** Whether a folder outside leads up to the root when everything is done, and not through `childId`. */
  async #willStand(nodeId: Uint8Array, childId: Uint8Array): Promise<boolean> {
    const { now, rootId, trashId } = this.#options;
    let at: Uint8Array | null | undefined = nodeId;
    for (let steps = 0; at && steps < 10_000; steps++) {
      if (equalBytes(at, rootId)) return true;
      if (equalBytes(at, trashId) || equalBytes(at, childId) || !now.hasFolder(at)) return false;
      at = this.#parents.get(toHex(at)) ?? (await now.readFolder(at)).parentNodeId;
    }
    return false;
  }

  /** A folder that was inside may hold the whole folder now: then there is no way to put it back. */
  async #requireNotAround(now: VolumeReader, steps: readonly Step[]): Promise<void> {
    const placed = new Set(steps.filter(({ kind }) => kind === "place").map(({ childId }) => toHex(childId)));
    let at: Uint8Array | null | undefined = this.#options.folderId;
    for (let step = 0; at && step < 10_000; step++) {
      if (placed.has(toHex(at))) throw new RewindAroundError();
      at = now.hasFolder(at) ? (await now.readFolder(at)).parentNodeId : undefined;
    }
  }

  async #findGone(): Promise<ReadonlySet<string>> {
    const wanted = new Map<string, Uint8Array>();
    for (const step of this.#steps) for (const id of neededObjects(step)) wanted.set(toHex(id), id);
    if (wanted.size === 0) return new Set();
    return new Set([...(await this.#options.missingObjects([...wanted.values()]))].map(toHex));
  }

  /** What would go into a folder that is gone and whose own listing is no longer kept stays where it is. */
  #reachable(steps: readonly Step[]): Step[] {
    const { now } = this.#options;
    let left = [...steps];
    for (;;) {
      const made = new Set(left.filter(isMadeAgain).map(({ childId }) => toHex(childId)));
      const next = left.filter(
        (step) => step.kind !== "place" || now.hasFolder(step.toId) || made.has(toHex(step.toId)),
      );
      if (next.length === left.length) return next;
      left = next;
    }
  }

  async #tellLoss(step: Step, gone: ReadonlySet<string>): Promise<void> {
    if (step.kind !== "place" || !hasLostContent(step, gone)) return;
    this.#lost.push({ path: await this.#paths.was(step.thenId, step.entryThen.name), reason: "content" });
  }

  async #describe(step: Step, gone: ReadonlySet<string>): Promise<RewindChange> {
    const type = typeOf(step.entryNow ?? (step as { entryThen: Entry }).entryThen);
    const pathNow = await this.#pathNow(step);
    if (step.kind === "trash") return { since: ["added"], type, path: null, pathNow };
    if (step.kind === "return") {
      return { since: ["moved"], type, path: await this.#paths.is(step.toId, step.entryThen.name), pathNow };
    }
    const { entryNow, entryThen, fromId, toId, thenId } = step;
    const path = await this.#paths.was(thenId, entryThen.name);
    const since: Since[] = [];
    if (entryNow === undefined || fromId === undefined) return { since: ["deleted"], type, path, pathNow: null };
    if ((await this.#lineageNow.sideOf(fromId)) === "trash") since.push("deleted");
    else if (!equalBytes(fromId, toId)) since.push("moved");
    if (entryNow.name !== entryThen.name) since.push("renamed");
    if (!isSameContent(entryNow, entryThen) && !hasLostContent(step, gone)) since.push("changed");
    return { since, type, path, pathNow };
  }

  /** null in the trash, or where nothing leads. */
  async #pathNow({ fromId, entryNow }: Step): Promise<string | null> {
    if (fromId === undefined || entryNow === undefined) return null;
    return await this.#paths.is(fromId, entryNow.name);
  }
}

type WithPaths = Pick<RewindChange, "path" | "pathNow">;

function byPath(a: WithPaths, b: WithPaths): number {
  const [first, second] = [a.path ?? a.pathNow ?? "", b.path ?? b.pathNow ?? ""];
  return first < second ? -1 : first > second ? 1 : 0;
}

function reasonOf({ mount }: Entry): RewindLeft["reason"] {
  return mount ? "shared" : "was_shared";
}

/** Whether nothing has to be done for an entry that is where it was. */
function isSame(now: Entry, then: Entry): boolean {
  return now.name === then.name && isSameContent(now, then);
}

export function isSameContent(now: Entry, then: Entry): boolean {
  if (!now.file || !then.file) return true;
  return equalBytes(now.file.objectId, then.file.objectId) && now.modifiedMs === then.modifiedMs;
}

/** Objects that the commit would have to list again. */
function neededObjects(step: Step): Uint8Array[] {
  if (step.kind !== "place" || !step.entryThen.file) return [];
  const { file } = step.entryThen;
  const thumbnail = file.thumbnail ? [file.thumbnail.objectId] : [];
  if (step.entryNow === undefined) {
    return [file.objectId, ...thumbnail, ...file.versions.map(({ objectId }) => objectId)];
  }
  return isSameContent(step.entryNow, step.entryThen) ? [] : [file.objectId, ...thumbnail];
}

export function hasLostContent(step: Step, gone: ReadonlySet<string>): boolean {
  if (step.kind !== "place" || !step.entryThen.file) return false;
  return neededObjects(step).length > 0 && gone.has(toHex(step.entryThen.file.objectId));
}

function isMadeAgain(step: Step): boolean {
  return step.kind === "place" && step.entryNow === undefined;
}

/** What would have to be made again of bytes that nobody has. */
function isGone(step: Step, gone: ReadonlySet<string>): boolean {
  return step.kind === "place" && step.entryNow === undefined && hasLostContent(step, gone);
}
