import type { Entry } from "../../volumes/index.ts";
import type { ItemType } from "../types.ts";

/** What happened to an item since the moment; several things may have. */
export type Since =
  /** It was not in the folder: it goes to the trash. */
  | "added"
  | "changed"
  /** It was moved to the trash, or deleted for good: it comes back. */
  | "deleted"
  | "moved"
  | "renamed";

/** One thing that a rewind does. */
export interface RewindChange {
  readonly since: readonly Since[];
  readonly type: ItemType;
  /** Where it was at the moment and will be again; null: it goes to the trash. */
  readonly path: string | null;
  /** Where it is now; null: in the trash, or nowhere any more. */
  readonly pathNow: string | null;
}

/** What cannot be brought back. */
export interface RewindLoss {
  readonly path: string;
  /**
   * `listing`: this part of the folder's listing of then is no longer kept; what it held stays as it is now.
   * `content`: the bytes are no longer kept; a file that still exists keeps its present content.
   * `newer_version`: written by a newer version of Excalibur; it stays as it is.
   * `shared`: it was shared then, and nothing of it is in the volume any more; what was in it stood in another history.
   */
  readonly reason: "listing" | "content" | "newer_version" | "shared";
}

/** What stays as it is, with everything in it. */
export interface RewindLeft {
  /**
   * `shared`: it is shared, and goes back by itself. `shared_inside`: it came since, and something in it is shared, so it does not go to
   * the trash. `was_shared`: it was shared then, and goes to where it was with what is in it now.
   */
  readonly reason: "shared" | "shared_inside" | "was_shared";
  readonly type: ItemType;
  /** Where it was; null: not in the folder. */
  readonly path: string | null;
  /** Where it is now; null: in the trash. */
  readonly pathNow: string | null;
}

/** What a rewind would do, on the state that was looked at. Nothing is changed yet. */
export interface RewindPreview {
  readonly folderId: Uint8Array;
  /** The folder's path now. */
  readonly path: string;
  /** The commit after which the folder will look as it did then. */
  readonly sequence: number;
  /** When that commit was signed: the newest one that is not after the moment asked for and of which the pages are kept. */
  readonly timeMs: number;
  readonly changes: readonly RewindChange[];
  readonly lost: readonly RewindLoss[];
  readonly left: readonly RewindLeft[];
}

/** A rewind that was done, for `Files.undoRewind`. */
export interface Rewound {
  readonly folderId: Uint8Array;
  /** When the commit was signed that it built on. */
  readonly beforeMs: number;
  /** When the head was signed that had it. */
  readonly afterMs: number;
}

/** One change of the tree; `toId` may name a folder of then that is made again. */
export type Step =
  | {
      readonly kind: "place";
      readonly childId: Uint8Array;
      /** Where it is listed now; undefined: nowhere. */
      readonly fromId: Uint8Array | undefined;
      /** Where it goes: where it was, or what stands for that now. */
      readonly toId: Uint8Array;
      /** The folder that listed it then. */
      readonly thenId: Uint8Array;
      /** As it is listed now; undefined: it is made again. */
      readonly entryNow: Entry | undefined;
      /** As it was. */
      readonly entryThen: Entry;
    }
  | {
      readonly kind: "trash";
      readonly childId: Uint8Array;
      readonly fromId: Uint8Array;
      readonly entryNow: Entry;
    }
  | {
      /** It came in from outside the folder and goes back there. */
      readonly kind: "return";
      readonly childId: Uint8Array;
      readonly fromId: Uint8Array;
      readonly toId: Uint8Array;
      readonly entryNow: Entry;
      readonly entryThen: Entry;
    };

export interface RewindPlan {
  readonly steps: readonly Step[];
  readonly changes: readonly RewindChange[];
  readonly lost: readonly RewindLoss[];
  readonly left: readonly RewindLeft[];
}
