import { useCallback, useEffect, useRef, useState } from "react";
import { type EngineEvent, type EngineFailure, failureOf, type Session } from "../session/index.ts";

export interface Loaded<View> {
  /** The last that was read; stays while a newer one is fetched. */
  readonly view: View | undefined;
  /** Why there is none, or no newer one. */
  readonly failure: EngineFailure | undefined;
  reload(): void;
}

const CHANGES: readonly EngineEvent["type"][] = ["changed", "online"];
/** What concerns people is asked of the server, and only when they may have done something. */
export const PEOPLE: readonly EngineEvent["type"][] = ["members", "online"];
/** Requests are asked of the server, too, and only when something arrived or somebody changed one. */
export const REQUESTS: readonly EngineEvent["type"][] = ["requests", "online"];

/**
 * What `read` gives, read again whenever the drive changes, wherever that happened, or on other events. `read` and `on`
 * must be stable.
 */
export function useLive<View>(session: Session, read: () => Promise<View>, on = CHANGES): Loaded<View> {
  const [loaded, setLoaded] = useState<{ of: unknown; view?: View; failure?: EngineFailure }>({ of: read });
  const latest = useRef(0);
  const reload = useCallback(() => {
    latest.current += 1;
    const turn = latest.current;
    read().then(
      (view) => {
        // An answer that was overtaken by a later question is not news.
        if (turn === latest.current) setLoaded({ of: read, view });
      },
      (error: unknown) => {
        const failure = failureOf(error);
        if (turn === latest.current)
          setLoaded((before) => (before.of === read ? { ...before, failure } : { of: read, failure }));
      },
    );
  }, [read]);
  useEffect(() => {
    reload();
    return session.onEvent((event) => {
      if (on.includes(event.type)) reload();
    });
  }, [reload, session, on]);
  // What was read for another folder is not shown for this one.
  const isCurrent = loaded.of === read;
  return { view: isCurrent ? loaded.view : undefined, failure: isCurrent ? loaded.failure : undefined, reload };
}
