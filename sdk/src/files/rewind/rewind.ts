import type { Volume } from "../../volumes/index.ts";
import { RewindIncompleteError, RewindOutdatedError } from "../errors.ts";
import { applyRewind } from "./apply.ts";
import type { Landmarks } from "./lineage.ts";
import { planRewind } from "./plan.ts";
import type { RewindPlan, RewindPreview, Rewound } from "./types.ts";

export interface RewindOptions {
  readonly preview: RewindPreview;
  readonly nowMs: number;
  readonly withoutLost?: boolean;
  readonly onFolder?: () => void;
  readonly signal?: AbortSignal;
}

/** Plans again on the state the commit builds on: what would differ from what was shown is not done. */
export async function rewind(volume: Volume, marks: Landmarks, options: RewindOptions): Promise<Rewound> {
  const { preview, nowMs, withoutLost = false, onFolder, signal } = options;
  if (preview.lost.length > 0 && !withoutLost) throw new RewindIncompleteError(preview.lost.length);
  const beforeMs = await volume.change(
    async (editor) => {
      const then = await volume.history().at(preview.sequence, { signal });
      const drafted = [...editor.drafts.values()].map(({ nodeId }) => nodeId);
      const missingObjects = (ids: readonly Uint8Array[]) => volume.missingObjects(ids, { signal });
      const planned = await planRewind({ ...marks, now: editor, then, drafted, missingObjects, onFolder, signal });
      if (shownOf(planned) !== shownOf(preview)) throw new RewindOutdatedError();
      await applyRewind(editor, planned, { trashId: marks.trashId, timeMs: editor.timeMs(nowMs) });
      // The last moment at which nothing has been sent.
      signal?.throwIfAborted();
      return editor.headTimeMs;
    },
    signal ? { signal } : {},
  );
  return { folderId: preview.folderId, beforeMs, afterMs: volume.headTimeMs };
}

function shownOf({ changes, lost, left }: Pick<RewindPlan, "changes" | "lost" | "left">): string {
  return JSON.stringify([changes, lost, left]);
}
