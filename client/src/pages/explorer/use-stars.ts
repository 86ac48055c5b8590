import { useCallback, useMemo } from "react";
import { useSession } from "../../Contexts.tsx";
import { useLive } from "../../lib/files/use-live.ts";
import type { FileItem } from "../../lib/session/index.ts";

export interface Stars {
  readonly ids: ReadonlySet<string>;
  areAll(items: readonly FileItem[]): boolean;
  /** Stars all of them; takes the stars off when all of them have one. */
  toggle(items: readonly FileItem[]): void;
}

/** What the person has starred, anywhere in the drive. */
export function useStars(): Stars {
  const session = useSession();
  const read = useCallback(() => session.engine.folders.starred(), [session]);
  const { view } = useLive(session, read);
  return useMemo(() => {
    const ids = new Set(view);
    const areAll = (items: readonly FileItem[]): boolean => items.length > 0 && items.every(({ id }) => ids.has(id));
    return {
      ids,
      areAll,
      toggle: (items) => {
        if (items.length === 0) return;
        const chosen = items.map(({ parentId, id, name }) => ({ parentId, id, name }));
        session.engine.folders.star(chosen, !areAll(items)).catch((error: unknown) => session.report(error));
      },
    };
  }, [session, view]);
}
