import { useIonRouter } from "@ionic/react";
import { useEffect, useMemo } from "react";
import { useLocation } from "react-router-dom";
import { useSession } from "../../Contexts.tsx";
import { Button } from "../../components/controls/Button.tsx";
import { useViewer } from "../../components/drive/use-viewer.ts";
import { Empty } from "../../components/page/Empty.tsx";
import { NOTHING_SHOWN } from "../../lib/files/listing-reader.ts";
import { useListing } from "../../lib/files/use-listing.ts";
import { usePreferences } from "../../lib/preferences/index.ts";
import { isAway } from "../../lib/session/index.ts";
import { errorText, type Failure, language, useText } from "../../lib/text/index.ts";
import { FolderView } from "./FolderView.tsx";

/** The folder whose id is in the address; without one, the root. */
function useFolderId(): string | undefined {
  const [, folderId] = /^\/files\/([A-Za-z0-9_-]+)$/.exec(useLocation().pathname) ?? [];
  return folderId;
}

/** A server that does not answer, or lies, is no reason to say that something is gone. */
function isGone({ code }: Failure): boolean {
  return code === "not_found" || code === "folder_missing" || code === "volume_missing";
}

export function ExplorerPage() {
  const text = useText();
  const session = useSession();
  const router = useIonRouter();
  const { sort } = usePreferences();
  const folderId = useFolderId();
  const place = useMemo(() => ({ folderId }), [folderId]);
  const listing = useListing(session, place, { ...sort, language: language() });
  const { facts, failure, reload } = listing;

  // What somebody was taken off closes at once, whatever is known of it.
  const isClosed = failure !== undefined && isGone(failure);
  const { view, close } = useViewer();
  const isLooking = view !== undefined;
  // biome-ignore lint/correctness/useExhaustiveDependencies: it closes once, and is another function at every turn
  useEffect(() => {
    if (isClosed && isLooking) close();
  }, [isClosed, isLooking]);

  if (failure === undefined || (facts !== undefined && !isClosed)) return <FolderView listing={listing} />;
  const isUnreached = isAway(failure);
  // Within the same page: Ionic would not show another one that takes its place.
  return (
    <FolderView
      listing={{ ...NOTHING_SHOWN, failure, reload }}
      trouble={
        <Empty
          icon="cloudOff"
          title={text(isUnreached ? "files.notHere" : isGone(failure) ? "files.missing" : "files.unavailable")}
          lead={isUnreached ? text("files.notHereLead") : errorText(failure)}
        >
          <Button onClick={reload}>{text("files.retry")}</Button>
          {folderId !== undefined && <Button onClick={() => router.push("/files")}>{text("files.toStart")}</Button>}
        </Empty>
      }
    />
  );
}
