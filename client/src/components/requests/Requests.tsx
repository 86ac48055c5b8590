import { createContext, type ReactNode, useCallback, useContext } from "react";
import { useSession } from "../../Contexts.tsx";
import { type Loaded, REQUESTS, useLive } from "../../lib/files/use-live.ts";
import type { RequestItem } from "../../lib/session/index.ts";

const RequestsContext = createContext<Loaded<readonly RequestItem[]> | undefined>(undefined);

/** Upload requests of the open account, asked for once for the whole window. */
export function Requests({ children }: { readonly children: ReactNode }) {
  const session = useSession();
  const read = useCallback(() => session.engine.requests.list(), [session]);
  return <RequestsContext value={useLive(session, read, REQUESTS)}>{children}</RequestsContext>;
}

export function useRequests(): Loaded<readonly RequestItem[]> {
  const requests = useContext(RequestsContext);
  if (requests === undefined) throw new Error("useRequests is used outside of <Requests>.");
  return requests;
}
