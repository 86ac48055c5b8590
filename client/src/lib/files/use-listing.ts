import { useCallback, useEffect, useRef, useState } from "react";
import type { ListOrder, Place, Session } from "../session/index.ts";
import { ListingReader, NOTHING_SHOWN, type Shown } from "./listing-reader.ts";

export interface Listing extends Shown {
  /** Tries once more what failed. */
  reload(): void;
}

/**
 * The items of a place in an order, kept up to date wherever they change. `place` must be stable. Of another place nothing
 * is shown until it was read; what is found while somebody types stays until something else is. undefined: no place yet.
 */
export function useListing(
  session: Session,
  place: Place | undefined,
  { by, isDescending, language }: ListOrder,
): Listing {
  const [{ of, shown }, setState] = useState<{ of: Place | undefined; shown: Shown }>({
    of: place,
    shown: NOTHING_SHOWN,
  });
  const reader = useRef<ListingReader>(undefined);
  useEffect(() => {
    if (place === undefined) return;
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
  const isCurrent = of === place || (isQuestion(of) && isQuestion(place));
  return { ...(isCurrent ? shown : NOTHING_SHOWN), reload };
}

function isQuestion(place: Place | undefined): boolean {
  return typeof place === "object" && "find" in place;
}
