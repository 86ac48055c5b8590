import { IonRouterOutlet } from "@ionic/react";
import { useEffect } from "react";
import { Navigate, Route } from "react-router-dom";
import { useSession } from "./Contexts.tsx";
import { Frame } from "./components/drive/Frame.tsx";
import { ExplorerPage } from "./pages/explorer/ExplorerPage.tsx";
import { TrashPage } from "./pages/trash/TrashPage.tsx";

/** Everything that needs an open drive. */
export function Drive() {
  const session = useSession();
  useEffect(() => {
    session.engine.accounts.follow().catch((error: unknown) => session.report(error));
  }, [session]);
  return (
    <Frame>
      <IonRouterOutlet animated={false}>
        <Route path="/files/*" element={<ExplorerPage />} />
        <Route path="/trash" element={<TrashPage />} />
        <Route path="*" element={<Navigate to="/files" replace />} />
      </IonRouterOutlet>
    </Frame>
  );
}
