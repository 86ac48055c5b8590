import { IonApp } from "@ionic/react";
import { type ComponentType, lazy, Suspense } from "react";
import { BrowserRouter } from "react-router-dom";
import { Starting } from "./components/page/Starting.tsx";
import { UpdateNotice } from "./components/page/UpdateNotice.tsx";
import { PublicFrame } from "./components/public/PublicFrame.tsx";
import type { PublicPlace } from "./lib/session/index.ts";
import { IncompletePage } from "./pages/public/IncompletePage.tsx";
import { ROUTER_AS_OF_7 } from "./router.ts";
import { Viewer } from "./Viewer.tsx";

const LinkPage = lazy(async () => ({ default: (await import("./pages/public/link/LinkPage.tsx")).LinkPage }));

/** Each has its own, and needs nothing of the others. */
const PAGES: Readonly<Record<PublicPlace["kind"], ComponentType<{ readonly place: PublicPlace }>>> = {
  link: ({ place }) => <LinkPage place={place} Viewer={Viewer} />,
  request: lazy(async () => ({ default: (await import("./pages/public/request/RequestPage.tsx")).RequestPage })),
};

/** What somebody without an account sees, who was given an address. No account of this browser is opened for it. */
export function PublicApp({ place }: { readonly place: PublicPlace }) {
  const Page = PAGES[place.kind];
  return (
    <IonApp>
      <BrowserRouter future={ROUTER_AS_OF_7}>
        {place.hasKey ? (
          <Suspense fallback={<Starting />}>
            <Page place={place} />
          </Suspense>
        ) : (
          <PublicFrame layout="card">
            <IncompletePage />
          </PublicFrame>
        )}
        <UpdateNotice />
      </BrowserRouter>
    </IonApp>
  );
}
