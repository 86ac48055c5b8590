import { createContext, type ReactNode, useCallback, useContext, useMemo, useState } from "react";
import { useSession } from "../../Contexts.tsx";
import { useLive } from "../../lib/files/use-live.ts";

interface Unchecked {
  /** Nobody has shown yet that the recovery words were kept. */
  readonly areUnchecked: boolean;
  /** Not again in this window. */
  readonly isPutOff: boolean;
  putOff(): void;
  reload(): void;
}

const UncheckedContext = createContext<Unchecked | undefined>(undefined);

/** Whether somebody has to be reminded of their recovery words: asked once for the whole window. */
export function UncheckedWords({ children }: { readonly children: ReactNode }) {
  const session = useSession();
  const [isPutOff, setPutOff] = useState(false);
  const read = useCallback(() => session.engine.accounts.hasUncheckedWords(), [session]);
  const { view, reload } = useLive(session, read);
  const unchecked = useMemo(
    () => ({ areUnchecked: view === true, isPutOff, putOff: () => setPutOff(true), reload }),
    [view, isPutOff, reload],
  );
  return <UncheckedContext value={unchecked}>{children}</UncheckedContext>;
}

export function useUncheckedWords(): Unchecked {
  const unchecked = useContext(UncheckedContext);
  if (unchecked === undefined) throw new Error("useUncheckedWords is used outside of <UncheckedWords>.");
  return unchecked;
}
