import { useEffect, useState } from "react";
import { useSession } from "../../../Contexts.tsx";
import { Button } from "../../../components/controls/Button.tsx";
import { Notice } from "../../../components/page/Notice.tsx";
import type { Listing } from "../../../lib/files/use-listing.ts";
import { errorText, formatNumber, formatPercent, useText } from "../../../lib/text/index.ts";
import "./FoundNotices.css";

export interface FoundNoticesProps {
  readonly listing: Listing;
  /** How many items are listed. */
  readonly count: number;
}

/** How far this device knows the drive's names: while it reads them, when something is missing, when there is more. */
export function FoundNotices({ listing, count }: FoundNoticesProps) {
  const text = useText();
  const session = useSession();
  const { facts, failure, reload } = listing;
  const [share, setShare] = useState<number>();
  useEffect(
    () =>
      session.onEvent((event) => {
        if (event.type !== "reading") return;
        setShare(event.done < event.total ? event.done / event.total : undefined);
      }),
    [session],
  );
  const stop = (): void => {
    setShare(undefined);
    void session.engine.folders.stopFinding();
  };
  const total = facts?.total ?? count;
  return (
    <>
      {share !== undefined && (
        <Notice kind="plain">
          <div className="found-reading">
            <span role="status">{text("found.reading")}</span>
            <progress value={share} aria-label={text("found.reading")} />
            <span className="number">{formatPercent(share)}</span>
            <Button kind="ghost" onClick={stop}>
              {text("found.stop")}
            </Button>
          </div>
        </Notice>
      )}
      {share === undefined && facts?.isDamaged && (
        <Notice kind="plain">
          <div className="found-reading">
            <span role="status">{text("found.partial")}</span>
            <Button kind="ghost" onClick={reload}>
              {text("found.continue")}
            </Button>
          </div>
        </Notice>
      )}
      {failure !== undefined && <Notice kind="bad">{errorText(failure)}</Notice>}
      {facts?.total !== undefined && total > count && (
        <Notice kind="plain">{text("found.more", { shown: formatNumber(count), total: formatNumber(total) })}</Notice>
      )}
    </>
  );
}
