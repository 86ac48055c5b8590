import { useMemo } from "react";
import { useLocation, useNavigate } from "react-router-dom";
import { parseViewHash, type ViewRef, viewHash } from "../../lib/viewing/address.ts";

export interface Viewer {
  /** What is looked at; undefined: nothing. */
  readonly view: ViewRef | undefined;
  look(ref: ViewRef): void;
  close(): void;
}

/** Whether the entry of the history before this one is the place that the file was opened from. */
interface Opened {
  readonly isOpenedHere?: boolean;
}

/** Looking at files, over whatever page is open: "back" closes it again, and the page is as it was. */
export function useViewer(): Viewer {
  const navigate = useNavigate();
  const { pathname, search, hash, state } = useLocation();
  const view = useMemo(() => parseViewHash(hash), [hash]);
  return {
    view,
    look(ref) {
      const to = { pathname, search, hash: viewHash(ref) };
      if (view === undefined) navigate(to, { state: { isOpenedHere: true } satisfies Opened });
      else navigate(to, { replace: true, state });
    },
    close() {
      if ((state as Opened | null)?.isOpenedHere === true) navigate(-1);
      else navigate({ pathname, search }, { replace: true });
    },
  };
}
