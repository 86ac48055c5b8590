/** What crosses the wall about bringing a folder back to a moment. */

import type { FileItem } from "./types.ts";

/** What bringing a folder back would do. */
export interface RewindView {
  /** Names this very preview. */
  readonly number: number;
  /** As it was after what was done at this time. */
  readonly timeMs: number;
  /** The first of them; `count` are all. */
  readonly changes: readonly RewindLine[];
  readonly count: number;
  readonly lost: readonly RewindLost[];
  readonly left: readonly RewindLeft[];
}

export interface RewindLine {
  readonly does: "trash" | "comeBack" | "content" | "place";
  readonly type: FileItem["type"];
  /** Where it is now, or where it will be again. */
  readonly path: string;
  /** Where it goes, if that is somewhere else. */
  readonly to?: string;
}

export interface RewindLost {
  readonly path: string;
  readonly reason: "listing" | "content" | "newer_version" | "shared";
}

/** What stays as it is, because it is shared, or was. */
export interface RewindLeft {
  readonly path: string;
  readonly reason: "shared" | "shared_inside" | "was_shared";
}
