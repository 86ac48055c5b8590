import { useCallback, useRef, useState } from "react";
import { callback, type EngineFailure, failureOf, type Session, type StorageView } from "../../lib/session/index.ts";

export interface StorageCount {
  /** The last that was counted. */
  readonly view: StorageView | undefined;
  /** Looked at so far. */
  readonly files: number;
  readonly failure: EngineFailure | undefined;
  readonly isCounting: boolean;
  readonly count: () => void;
  readonly cancel: () => void;
}

/** Counting looks at every file, so it begins when somebody wants it, and can be stopped. */
export function useStorage(session: Session): StorageCount {
  const [view, setView] = useState<StorageView>();
  const [files, setFiles] = useState(0);
  const [failure, setFailure] = useState<EngineFailure>();
  const [isCounting, setCounting] = useState(false);
  const latest = useRef(0);
  const count = useCallback(() => {
    latest.current += 1;
    const turn = latest.current;
    const isLatest = (): boolean => turn === latest.current;
    setCounting(true);
    setFailure(undefined);
    setFiles(0);
    const onFiles = (seen: number): void => {
      if (isLatest()) setFiles(seen);
    };
    session.engine.storage
      .count(callback(onFiles))
      .then(
        (counted) => isLatest() && setView(counted),
        (error: unknown) => isLatest() && setFailure(failureOf(error)),
      )
      .finally(() => isLatest() && setCounting(false));
  }, [session]);
  const cancel = useCallback(() => {
    session.engine.storage.cancel().catch((error: unknown) => session.report(error));
  }, [session]);
  return { view, files, failure, isCounting, count, cancel };
}
