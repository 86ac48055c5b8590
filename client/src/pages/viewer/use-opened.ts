import { useCallback, useEffect, useState } from "react";
import { type EngineFailure, failureOf, type OpenedFile, type Session } from "../../lib/session/index.ts";
import type { ViewRef } from "../../lib/viewing/address.ts";

export interface Opening {
  readonly opened: OpenedFile | undefined;
  readonly failure: EngineFailure | undefined;
  /** Tries once more what failed. */
  retry(): void;
}

/** The engine's hold on a file while it is looked at. */
export function useOpened(session: Session, { parentId, id, versionId }: ViewRef): Opening {
  const [attempt, setAttempt] = useState(0);
  const [state, setState] = useState<{ opened?: OpenedFile; failure?: EngineFailure }>({});
  // biome-ignore lint/correctness/useExhaustiveDependencies: each attempt opens it anew
  useEffect(() => {
    let isWanted = true;
    const ref = { parentId, id, ...(versionId === undefined ? {} : { versionId }) };
    const opening = session.engine.streams.open(ref);
    opening.then(
      (opened) => isWanted && setState({ opened }),
      (error: unknown) => isWanted && setState({ failure: failureOf(error) }),
    );
    return () => {
      isWanted = false;
      setState({});
      opening.then(
        ({ streamId }) => session.engine.streams.close(streamId),
        // It was never open.
        () => undefined,
      );
    };
  }, [session, parentId, id, versionId, attempt]);
  const retry = useCallback(() => setAttempt((before) => before + 1), []);
  return { opened: state.opened, failure: state.failure, retry };
}
