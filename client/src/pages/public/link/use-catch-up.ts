import { useCallback, useEffect, useSyncExternalStore } from "react";
import { useSession, useTransfers } from "../../../Contexts.tsx";
import { type EngineFailure, failureOf, isAway } from "../../../lib/session/index.ts";

/** Visitors are told nothing by the server: their program asks from time to time, while somebody looks. */
const EVERY_MS = 20_000;

/** Why somebody who was in is out. */
function isEnd({ code }: EngineFailure): boolean {
  return code.startsWith("link_") || code === "session_ended" || code === "volume_missing";
}

export interface CatchUp {
  /** Of the list that is shown. */
  readonly failure: EngineFailure | undefined;
  readonly onLost: (failure: EngineFailure) => void;
}

/** Follows what is new behind a link, and whether it still lets anybody in. */
export function useCatchUp({ failure, onLost }: CatchUp): void {
  const session = useSession();
  const transfers = useTransfers();
  const { done } = useSyncExternalStore(transfers.subscribe, () => transfers.state).counts;
  const catchUp = useCallback(() => {
    if (document.visibilityState !== "visible") return;
    session.engine.visits.catchUp().catch((error: unknown) => {
      const why = failureOf(error);
      if (isEnd(why)) onLost(why);
      // Without a connection the next turn asks again, and whoever does something is told.
      else if (!isAway(why)) session.report(error);
    });
  }, [session, onLost]);
  useEffect(() => {
    const timer = setInterval(catchUp, EVERY_MS);
    document.addEventListener("visibilitychange", catchUp);
    addEventListener("focus", catchUp);
    return () => {
      clearInterval(timer);
      document.removeEventListener("visibilitychange", catchUp);
      removeEventListener("focus", catchUp);
    };
  }, [catchUp]);
  // What was sent from here is to be seen here.
  useEffect(() => {
    if (done > 0) catchUp();
  }, [done, catchUp]);
  useEffect(() => {
    if (failure !== undefined && isEnd(failure)) onLost(failure);
  }, [failure, onLost]);
}
