import { useCallback, useEffect, useRef, useState } from "react";

/** Filling the screen, where the browser lets a page do it (phones of one maker do not). */
export function useFullScreen() {
  const frame = useRef<HTMLDivElement>(null);
  const [isFull, setFull] = useState(false);
  useEffect(() => {
    const hear = (): void => setFull(document.fullscreenElement === frame.current);
    document.addEventListener("fullscreenchange", hear);
    return () => document.removeEventListener("fullscreenchange", hear);
  }, []);
  const toggle = useCallback((): void => {
    if (document.fullscreenElement !== null) void document.exitFullscreen();
    else
      frame.current?.requestFullscreen().catch((error: unknown) => {
        // Refused, as browsers do after a while without a touch: it stays as large as it is.
        if (!(error instanceof TypeError)) throw error;
      });
  }, []);
  return { frame, isFull, isPossible: document.fullscreenEnabled, toggle };
}
