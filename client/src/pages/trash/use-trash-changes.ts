import { useMemo } from "react";
import { useSession } from "../../Contexts.tsx";
import { useMemory } from "../../components/drive/DriveMemory.tsx";
import { callback, type FileItem } from "../../lib/session/index.ts";
import { text } from "../../lib/text/index.ts";

export interface TrashChanges {
  restore(items: readonly FileItem[]): void;
  /** What was done last, wherever in the drive. */
  undo(): void;
}

/** What fails is reported in the page. */
export function useTrashChanges(): TrashChanges {
  const session = useSession();
  const { undo } = useMemory();
  return useMemo(() => {
    const { folders } = session.engine;
    const report = (error: unknown): void => session.report(error);
    const restore = async (items: readonly FileItem[]): Promise<void> => {
      const [first] = items;
      if (first === undefined) return;
      const count = items.length;
      const working = { message: text("explorer.working.restore", { count }), count, canStop: true };
      const { toRoot, restored } = await undo.during(working, (watch) => folders.restore(items, callback(watch)));
      if (restored.length === 0) return;
      const one = text("explorer.restored", { name: first.name });
      const back = count === 1 ? one : text("explorer.restoredMany", { count: restored.length });
      const what = toRoot > 0 ? text("explorer.restoredToRoot", { count: toRoot }) : back;
      undo.push({
        message: restored.length < count ? text("explorer.stopped", { what }) : what,
        count: restored.length,
        undo: async (watch) => void (await folders.trash(restored, { isMeant: true }, callback(watch))),
      });
    };
    return {
      restore: (items) => void restore(items).catch(report),
      undo: () => void undo.undo(text("explorer.working.undo")).catch(report),
    };
  }, [session, undo]);
}
