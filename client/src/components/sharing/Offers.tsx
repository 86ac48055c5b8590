import { createContext, type ReactNode, useCallback, useContext } from "react";
import { useSession } from "../../Contexts.tsx";
import { type Loaded, PEOPLE, useLive } from "../../lib/files/use-live.ts";
import type { Offered } from "../../lib/session/index.ts";

const OffersContext = createContext<Loaded<Offered> | undefined>(undefined);

/** What others offer to share, asked for once for the whole window. */
export function Offers({ children }: { readonly children: ReactNode }) {
  const session = useSession();
  const read = useCallback(() => session.engine.sharing.offered(), [session]);
  return <OffersContext value={useLive(session, read, PEOPLE)}>{children}</OffersContext>;
}

export function useOffers(): Loaded<Offered> {
  const offers = useContext(OffersContext);
  if (offers === undefined) throw new Error("useOffers is used outside of <Offers>.");
  return offers;
}
