import { useMemo } from "react";
import { useSession } from "../../Contexts.tsx";
import { useMemory } from "../../components/drive/DriveMemory.tsx";
import { type FileItem, failureOf, type ItemRef } from "../../lib/session/index.ts";
import { text } from "../../lib/text/index.ts";
import type { Asked } from "./types.ts";

export interface Target {
  readonly folderId: string;
  /** As people call it. */
  readonly name: string;
}

/** What can be done to items. All of it can be undone; what fails is reported in the page. */
export interface Changes {
  rename(item: FileItem, name: string): Promise<void>;
  move(items: readonly FileItem[], target: Target): Promise<void>;
  copy(items: readonly FileItem[], target: Target): Promise<void>;
  trash(items: readonly FileItem[], isMeant?: boolean): Promise<void>;
  undo(): Promise<void>;
}

export function useChanges(onAsk: (asked: Asked) => void): Changes {
  const session = useSession();
  const { undo } = useMemory();
  return useMemo(() => {
    const { folders } = session.engine;
    const reporting = async (work: () => Promise<void>): Promise<void> => {
      try {
        await work();
      } catch (error) {
        session.report(error);
      }
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
      move: (items, { folderId, name: folder }) =>
        reporting(async () => {
          const before: readonly ItemRef[] = items.filter(
            ({ parentId, id }) => parentId !== folderId && id !== folderId,
          );
          if (before.length === 0) return;
          const moved = await folders.move(before, folderId);
          undo.push({
            message: said(before, { one: "explorer.moved", many: "explorer.movedMany", folder }),
            undo: () => folders.moveBack(moved, before),
          });
        }),
      copy: (items, { folderId }) => reporting(() => folders.copy(items, folderId)),
      trash: (items, isMeant = false) =>
        reporting(async () => {
          if (items.length === 0) return;
          try {
            const trashed = await folders.trash(items, { isMeant });
            undo.push({
              message: said(items, { one: "explorer.trashed", many: "explorer.trashedMany" }),
              undo: async () => void (await folders.restore(trashed)),
            });
          } catch (error) {
            if (failureOf(error).code !== "mass_deletion") throw error;
            onAsk({ what: "mass-deletion", items });
          }
        }),
      undo: () => reporting(async () => void (await undo.undo())),
    };
  }, [session, undo, onAsk]);
}

interface Said {
  readonly one: "explorer.moved" | "explorer.trashed";
  readonly many: "explorer.movedMany" | "explorer.trashedMany";
  readonly folder?: string;
}

/** One item is called by its name, several are counted. */
function said(items: readonly ItemRef[], { one, many, folder }: Said): string {
  const [first] = items;
  return items.length === 1 ? text(one, { name: first?.name, folder }) : text(many, { count: items.length, folder });
}
