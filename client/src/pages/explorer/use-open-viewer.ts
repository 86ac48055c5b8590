import { useEffect } from "react";
import { useViewer, type Viewer } from "../../components/drive/use-viewer.ts";

/** The viewer, for a list: what lies over the list closes when it opens, for it would hold on to the focus meanwhile. */
export function useOpenViewer(onAsk: (asked: undefined) => void): Viewer {
  const viewer = useViewer();
  const isLooking = viewer.view !== undefined;
  useEffect(() => {
    if (isLooking) onAsk(undefined);
  }, [isLooking, onAsk]);
  return viewer;
}
