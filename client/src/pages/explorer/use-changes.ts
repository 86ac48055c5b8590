import { useMemo } from "react";
import { useSession } from "../../Contexts.tsx";
import { useMemory } from "../../components/drive/DriveMemory.tsx";
import { callback, type FileItem, failureOf, type ItemRef } from "../../lib/session/index.ts";
import { text } from "../../lib/text/index.ts";
import type { Asked, AskedAccess } from "./types.ts";

export interface Target {
  readonly folderId: string;
  /** As people call it. */
  readonly name: string;
}

export interface Asking {
  /** It was asked. */
  readonly isMeant?: boolean;
  /** Somebody was asked, and did not want it. */
  readonly onDeclined?: () => void;
}

/** What can be done to items. All of it can be undone; what fails is reported in the page. */
export interface Changes {
  rename(item: FileItem, name: string): Promise<void>;
  /** Asks first when others can open them there, or no longer can; what is asked about is done when somebody means it. */
  move(items: readonly FileItem[], target: Target, asking?: Asking): Promise<void>;
  copy(items: readonly FileItem[], target: Target, asking?: Asking): Promise<void>;
  trash(items: readonly FileItem[], isMeant?: boolean): Promise<void>;
  undo(): Promise<void>;
}

export function useChanges(onAsk: (asked: Asked) => void): Changes {
  const session = useSession();
  const { undo } = useMemory();
  return useMemo(() => {
    const { folders, sharing } = session.engine;
    const reporting = async (work: () => Promise<void>): Promise<void> => {
      try {
        await work();
      } catch (error) {
        session.report(error);
      }
    };
    /** Whether it is asked now, instead of being done. */
    const asks = async (
      mode: "move" | "copy",
      { items, target, isMeant, onDeclined = () => undefined }: Asking & Pick<AskedAccess, "items" | "target">,
    ): Promise<boolean> => {
      if (isMeant === true) return false;
      const access = await sharing.accessChange(items.map(refOf), { folderId: target.folderId, how: mode });
      if (access !== undefined) onAsk({ what: "access", mode, items, target, access, onDeclined });
      return access !== undefined;
    };
    return {
      // Refusals of a name belong into the dialog that asked for it: this one throws.
      rename: async (item, name) => {
        await folders.rename(item, name);
        const { parentId, id, name: before, storedName = before } = item;
        undo.push({
          message: text("explorer.renamed", { before, name }),
          undo: () => folders.rename({ parentId, id, name }, storedName),
        });
      },
      move: (items, target, asking = {}) =>
        reporting(async () => {
          const { folderId, name: folder } = target;
          const before = items.filter(({ parentId, id }) => parentId !== folderId && id !== folderId);
          if (before.length === 0 || (await asks("move", { items: before, target, ...asking }))) return;
          const { length: count } = before;
          const working = { message: text("explorer.working.move", { count }), count, canStop: true };
          const moved = await undo.during(working, (watch) => folders.move(before, folderId, callback(watch)));
          const came = before.filter((_, index) => moved[index] !== undefined);
          if (came.length === 0) return;
          undo.push({
            message: said(came, { of: before, one: "explorer.moved", many: "explorer.movedMany", folder }),
            count: came.length,
            undo: (watch) =>
              folders.moveBack(
                moved.filter((each) => each !== undefined),
                came,
                callback(watch),
              ),
          });
        }),
      copy: (items, target, asking = {}) =>
        reporting(async () => {
          if (await asks("copy", { items, target, ...asking })) return;
          const { length: count } = items;
          const working = { message: text("explorer.working.copy", { count }), count, canStop: true };
          await undo.during(working, (watch) => folders.copy(items, target.folderId, callback(watch)));
        }),
      trash: (items, isMeant = false) =>
        reporting(async () => {
          if (items.length === 0) return;
          try {
            const { length: count } = items;
            const working = { message: text("explorer.working.trash", { count }), count, canStop: true };
            const trashed = await undo.during(working, (watch) => folders.trash(items, { isMeant }, callback(watch)));
            undo.push({
              message: said(trashed, { of: items, one: "explorer.trashed", many: "explorer.trashedMany" }),
              count: trashed.length,
              undo: async (watch) => void (await folders.restore(trashed, callback(watch))),
            });
          } catch (error) {
            if (failureOf(error).code !== "mass_deletion") throw error;
            onAsk({ what: "mass-deletion", items });
          }
        }),
      undo: () => reporting(async () => void (await undo.undo(text("explorer.working.undo")))),
    };
  }, [session, undo, onAsk]);
}

function refOf({ parentId, id, name }: ItemRef): ItemRef {
  return { parentId, id, name };
}

interface Said {
  /** What was meant to be done; less of it was done when it was stopped. */
  readonly of: readonly ItemRef[];
  readonly one: "explorer.moved" | "explorer.trashed";
  readonly many: "explorer.movedMany" | "explorer.trashedMany";
  readonly folder?: string;
}

/** One item is called by its name, several are counted. */
function said(items: readonly ItemRef[], { of, one, many, folder }: Said): string {
  const [first] = items;
  const { length: count } = items;
  const what = of.length === 1 ? text(one, { name: first?.name, folder }) : text(many, { count, folder });
  return count < of.length ? text("explorer.stopped", { what }) : what;
}
