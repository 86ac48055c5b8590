import { useEffect, useRef, useState } from "react";
import { Link, useLocation } from "react-router-dom";
import type { RequestItem } from "../../lib/session/index.ts";
import { useText } from "../../lib/text/index.ts";
import { IconButton } from "../controls/Button.tsx";
import "../drive/UndoToast.css";
import { useRequests } from "./Requests.tsx";

interface Arrival {
  readonly id: string;
  readonly title: string;
  readonly count: number;
}

/** Something arrived for an upload request while the drive was open. */
export function ArrivalToast() {
  const text = useText();
  const { view } = useRequests();
  const { pathname } = useLocation();
  const before = useRef<readonly RequestItem[]>(undefined);
  const [arrival, setArrival] = useState<Arrival>();
  useEffect(() => {
    if (view === undefined) return;
    const known = before.current;
    before.current = view;
    // What waited before the drive was opened is no news.
    if (known === undefined) return;
    for (const { id, title, usedItems } of view) {
      const count = usedItems - (known.find((each) => each.id === id)?.usedItems ?? 0);
      if (count <= 0) continue;
      // While nobody has read the notice, it counts on.
      setArrival((shown) => ({ id, title, count: count + (shown?.id === id ? shown.count : 0) }));
    }
  }, [view]);
  const place = `/requests/${arrival?.id}`;
  const isLooked = pathname === place;
  useEffect(() => {
    if (isLooked) setArrival(undefined);
  }, [isLooked]);
  return (
    <div role="status" className="undo-place">
      {arrival !== undefined && !isLooked && (
        <div className="undo-toast">
          <span className="undo-text" dir="auto">
            {text("requests.arrived", { count: arrival.count, name: arrival.title })}
          </span>
          <Link className="button button-ghost" to={place} onClick={() => setArrival(undefined)}>
            {text("requests.arrivedLook")}
          </Link>
          <IconButton icon="close" label={text("app.close")} onClick={() => setArrival(undefined)} />
        </div>
      )}
    </div>
  );
}
