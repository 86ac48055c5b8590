import { useEffect, useState } from "react";
import { useSession } from "../../Contexts.tsx";
import { callback, type EngineFailure, failureOf, type OpenedFile } from "../../lib/session/index.ts";

export interface Bytes {
  /** All of it, every piece checked; undefined: not all is here yet. */
  readonly bytes: Uint8Array<ArrayBuffer> | undefined;
  /** From 0 to 1. */
  readonly share: number;
  readonly failure: EngineFailure | undefined;
}

/** More often than that nobody sees it move. */
const STEP = 0.02;

/** The whole of a small file. Nothing is given before all of it was checked. */
export function useBytes({ streamId, sizeBytes }: OpenedFile): Bytes {
  const session = useSession();
  const [state, setState] = useState<Bytes>({ bytes: undefined, share: 0, failure: undefined });
  useEffect(() => {
    let isWanted = true;
    const hear = (got: number): void => {
      const share = sizeBytes === 0 ? 1 : got / sizeBytes;
      if (isWanted) setState((before) => (share - before.share < STEP ? before : { ...before, share }));
    };
    session.engine.streams.whole(streamId, callback(hear)).then(
      (bytes) => isWanted && setState({ bytes, share: 1, failure: undefined }),
      (error: unknown) => isWanted && setState({ bytes: undefined, share: 0, failure: failureOf(error) }),
    );
    return () => {
      isWanted = false;
    };
  }, [session, streamId, sizeBytes]);
  return state;
}
