import { useCallback, useEffect, useRef, useState } from "react";
import type { ListOrder, Place, Session } from "../session/index.ts";
import { ListingReader, NOTHING_SHOWN, type Shown } from "./listing-reader.ts";

export interface Listing extends Shown {
  /** Tries once more what failed. */
  reload(): void;
}

/** The items of a place in an order, kept up to date wherever they change. `place` must be stable. */
export function useListing(session: Session, place: Place, { by, isDescending, language }: ListOrder): Listing {
  const [{ of, shown }, setState] = useState<{ of: Place; shown: Shown }>({ of: place, shown: NOTHING_SHOWN });
  const reader = useRef<ListingReader>(undefined);
  useEffect(() => {
    const onShown = (next: Shown): void => setState({ of: place, shown: next });
    const opened = new ListingReader({ session, place, order: { by, isDescending, language }, onShown });
    reader.current = opened;
    opened.refresh();
    const stop = session.onEvent(({ type }) => {
      if (type === "changed" || type === "online") opened.refresh();
    });
    return () => {
      stop();
      opened.close();
    };
  }, [session, place, by, isDescending, language]);
  const reload = useCallback(() => reader.current?.refresh(), []);
  // What was read of another place is not shown for this one; in another order it is, until the new one comes.
  return { ...(of === place ? shown : NOTHING_SHOWN), reload };
}
