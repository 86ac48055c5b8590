import { useCallback, useMemo, useState } from "react";
import { useSession } from "../../Contexts.tsx";
import { type Loaded, REQUESTS, useLive } from "../../lib/files/use-live.ts";
import type { EngineFailure, Filed, FileItem, InboxView } from "../../lib/session/index.ts";
import { text } from "../../lib/text/index.ts";

/** What was done to items, and came out how. */
export type Outcome =
  | {
      readonly what: "filed";
      readonly folder: { readonly folderId: string; readonly name: string };
      readonly filed: Filed;
    }
  | { readonly what: "checked"; readonly whole: number; readonly damaged: number };

export type Check = "running" | "whole" | EngineFailure;

export interface InboxState extends Loaded<InboxView> {
  /** As a list shows them. */
  readonly items: readonly FileItem[];
  readonly outcome: Outcome | undefined;
  dismiss(): void;
  checkOf(item: FileItem): Check | undefined;
  check(items: readonly FileItem[]): void;
  /** Without items: everything that is readable. Throws what concerns all of them. */
  accept(folder: { readonly folderId: string; readonly name: string }, items?: readonly FileItem[]): Promise<void>;
  reject(items: readonly FileItem[]): Promise<void>;
}

/** An inbox, live, and what can be done to what is in it. */
export function useInbox(id: string): InboxState {
  const session = useSession();
  const read = useCallback(() => session.engine.requests.inbox(id), [session, id]);
  const loaded = useLive(session, read, REQUESTS);
  const { view } = loaded;
  const [checks, setChecks] = useState<ReadonlyMap<string, Check>>(new Map());
  const [outcome, setOutcome] = useState<Outcome>();
  const items = useMemo(() => (view?.items ?? []).map((file) => itemOf(file, id)), [view, id]);
  const check = async (some: readonly FileItem[]): Promise<void> => {
    const ids = some.filter(({ inbox }) => inbox?.failure === undefined).map((item) => item.id);
    const setAll = (value: Check | undefined): void =>
      setChecks((before) => {
        const after = new Map(before);
        for (const each of ids)
          if (value === undefined) after.delete(each);
          else after.set(each, value);
        return after;
      });
    setAll("running");
    try {
      const checked = await session.engine.requests.check(id, ids);
      setChecks((before) => {
        const after = new Map(before);
        for (const { id: itemId, failure } of checked) after.set(itemId, failure ?? "whole");
        return after;
      });
      const damaged = checked.filter(({ failure }) => failure !== undefined).length;
      setOutcome({ what: "checked", whole: checked.length - damaged, damaged });
    } catch (error) {
      setAll(undefined);
      session.report(error);
    }
  };
  return {
    ...loaded,
    items,
    outcome,
    dismiss: () => setOutcome(undefined),
    checkOf: (item) => checks.get(item.id),
    check: (some) => void check(some),
    accept: async (folder, some) => {
      const { folderId } = folder;
      const which = some === undefined ? {} : { itemIds: some.map((item) => item.id) };
      const filed = await session.engine.requests.accept(id, { folderId, ...which });
      setOutcome({ what: "filed", folder, filed });
    },
    reject: async (some) => {
      await session.engine.requests.reject(
        id,
        some.map((item) => item.id),
      );
    },
  };
}

/** Its name is its whole path: two of one name are told apart by their folders. */
function itemOf({ id, sizeBytes, modifiedMs, inbox }: InboxView["items"][number], parentId: string): FileItem {
  const isReadable = inbox.failure === undefined;
  const name = isReadable ? inbox.path.join(" / ") : text("requests.inbox.unreadable");
  return { id, parentId, name, type: "file", modifiedMs, sizeBytes: isReadable ? sizeBytes : undefined, inbox };
}
