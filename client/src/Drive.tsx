import { IonRouterOutlet } from "@ionic/react";
import { useEffect } from "react";
import { Navigate, Route, useLocation } from "react-router-dom";
import { useSession } from "./Contexts.tsx";
import { DriveMemory } from "./components/drive/DriveMemory.tsx";
import { Frame } from "./components/drive/Frame.tsx";
import { IdleLock } from "./components/drive/IdleLock.tsx";
import { ShortcutSheet } from "./components/drive/ShortcutSheet.tsx";
import { useViewer } from "./components/drive/use-viewer.ts";
import { Thumbnails } from "./components/item-list/Thumbnails.tsx";
import { UncheckedWords } from "./components/recovery-words/UncheckedWords.tsx";
import { Requests } from "./components/requests/Requests.tsx";
import { Offers } from "./components/sharing/Offers.tsx";
import { rememberPlace, startPlace } from "./lib/preferences/index.ts";
import "./lib/text/later.ts";
import { serveStreams } from "./lib/viewing/streams.ts";
import { ExplorerPage } from "./pages/explorer/ExplorerPage.tsx";
import { RecentPage } from "./pages/explorer/found/RecentPage.tsx";
import { SearchPage } from "./pages/explorer/found/SearchPage.tsx";
import { StarredPage } from "./pages/explorer/found/StarredPage.tsx";
import { LinksPage } from "./pages/links/LinksPage.tsx";
import { InboxPage } from "./pages/requests/InboxPage.tsx";
import { RequestsPage } from "./pages/requests/RequestsPage.tsx";
import { SettingsPage } from "./pages/settings/SettingsPage.tsx";
import { SharedPage } from "./pages/shared/SharedPage.tsx";
import { TrashPage } from "./pages/trash/TrashPage.tsx";
import { Viewer } from "./Viewer.tsx";

/** Everything that needs an open drive. */
export function Drive() {
  const session = useSession();
  useEffect(() => {
    session.engine.accounts.follow().catch((error: unknown) => session.report(error));
  }, [session]);
  useEffect(() => serveStreams(session), [session]);
  const { pathname } = useLocation();
  useEffect(() => rememberPlace(pathname), [pathname]);
  const { view } = useViewer();
  return (
    <DriveMemory>
      <Thumbnails>
        <Offers>
          <Requests>
            <UncheckedWords>
              <Frame>
                <IdleLock />
                <ShortcutSheet />
                <IonRouterOutlet animated={false}>
                  <Route path="/files/*" element={<ExplorerPage />} />
                  <Route path="/search" element={<SearchPage />} />
                  <Route path="/recent" element={<RecentPage />} />
                  <Route path="/starred" element={<StarredPage />} />
                  <Route path="/shared-with-me" element={<SharedPage isMine={false} />} />
                  <Route path="/shared-by-me" element={<SharedPage isMine />} />
                  <Route path="/links" element={<LinksPage />} />
                  <Route path="/requests" element={<RequestsPage />} />
                  <Route path="/requests/:id" element={<InboxPage />} />
                  <Route path="/trash" element={<TrashPage />} />
                  <Route path="/settings/*" element={<SettingsPage />} />
                  <Route path="*" element={<Navigate to={startPlace()} replace />} />
                </IonRouterOutlet>
                {view && <Viewer view={view} />}
              </Frame>
            </UncheckedWords>
          </Requests>
        </Offers>
      </Thumbnails>
    </DriveMemory>
  );
}
