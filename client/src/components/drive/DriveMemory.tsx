import { createContext, type ReactNode, useContext, useState } from "react";
import { BesideList } from "../../lib/files/beside-list.ts";
import { ItemClipboard } from "../../lib/files/item-clipboard.ts";
import { SearchWords } from "../../lib/files/search-words.ts";
import { UndoStack } from "../../lib/files/undo.ts";

/** What this window remembers of what was done in the open drive. */
export interface Memory {
  readonly undo: UndoStack;
  readonly clipboard: ItemClipboard;
  /** What is being looked for. */
  readonly search: SearchWords;
  /** What is next to a file that is looked at. */
  readonly beside: BesideList;
  /** The item that a folder shows when it opens next. */
  readonly reveal: { id: string | undefined };
}

const MemoryContext = createContext<Memory | undefined>(undefined);

/** Made anew whenever a drive is opened: nothing of it outlives locking. */
export function DriveMemory({ children }: { readonly children: ReactNode }) {
  const [memory] = useState(() => ({
    undo: new UndoStack(),
    clipboard: new ItemClipboard(),
    search: new SearchWords(),
    beside: new BesideList(),
    reveal: { id: undefined },
  }));
  return <MemoryContext value={memory}>{children}</MemoryContext>;
}

export function useMemory(): Memory {
  const memory = useContext(MemoryContext);
  if (memory === undefined) throw new Error("useMemory is used outside of <DriveMemory>.");
  return memory;
}
