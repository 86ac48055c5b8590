import { createContext, type ReactNode, useContext, useEffect, useState, useSyncExternalStore } from "react";
import { Transfers } from "./lib/files/transfers.ts";
import { Session, type SessionState } from "./lib/session/index.ts";

const SessionContext = createContext<Session | undefined>(undefined);
const TransfersContext = createContext<Transfers | undefined>(undefined);

function required<T>(value: T | undefined, name: string): T {
  if (value === undefined) throw new Error(`${name} is used outside of <Contexts>.`);
  return value;
}

/** What every page may use. One of each a window. */
export function Contexts({ children }: { readonly children: ReactNode }) {
  const [session] = useState(() => new Session());
  const [transfers] = useState(() => new Transfers(session));
  useEffect(() => {
    void session.start();
  }, [session]);
  return (
    <SessionContext value={session}>
      <TransfersContext value={transfers}>{children}</TransfersContext>
    </SessionContext>
  );
}

/** Of a window that shows what a link leads to. */
export function VisitContexts({ children }: { readonly children: ReactNode }) {
  const [session] = useState(() => new Session({ isVisit: true }));
  const [transfers] = useState(() => new Transfers(session));
  return (
    <SessionContext value={session}>
      <TransfersContext value={transfers}>{children}</TransfersContext>
    </SessionContext>
  );
}

export function useSession(): Session {
  return required(useContext(SessionContext), "useSession");
}

export function useSessionState(): SessionState {
  const session = useSession();
  return useSyncExternalStore(session.subscribe, () => session.state);
}

export function useTransfers(): Transfers {
  return required(useContext(TransfersContext), "useTransfers");
}
