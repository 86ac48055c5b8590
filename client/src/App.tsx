import { IonApp, IonRouterOutlet, setupIonicReact } from "@ionic/react";
import { IonReactRouter } from "@ionic/react-router";
import { lazy, Suspense } from "react";
import { Navigate, Route } from "react-router-dom";
import { useSessionState } from "./Contexts.tsx";
import { LostPage } from "./components/page/LostPage.tsx";
import { Starting } from "./components/page/Starting.tsx";
import { UpdateNotice } from "./components/page/UpdateNotice.tsx";
import { chosenServer } from "./native/index.ts";
import { RecoverPage } from "./pages/recover/RecoverPage.tsx";
import { ServerPage } from "./pages/server/ServerPage.tsx";
import { SignInPage } from "./pages/sign-in/SignInPage.tsx";
import { UnlockPage } from "./pages/unlock/UnlockPage.tsx";
import { WelcomePage } from "./pages/welcome/WelcomePage.tsx";

/** The behaviour of the next version where it differs, so that nothing changes on the day it comes. */
const ROUTER_AS_OF_7 = { v7_startTransition: true, v7_relativeSplatPath: true } as const;

setupIonicReact({
  mode: "ios",
  rippleEffect: false,
  // Android's way back goes through the history, as that of browsers does.
  hardwareBackButton: false,
  swipeBackEnabled: false,
  animated: !matchMedia("(prefers-reduced-motion: reduce)").matches,
});

// What comes after the first page is fetched when it is needed.
const SignUpPage = lazy(async () => ({ default: (await import("./pages/sign-up/SignUpPage.tsx")).SignUpPage }));
const Drive = lazy(async () => ({ default: (await import("./Drive.tsx")).Drive }));

export function App() {
  return (
    <IonApp>
      <IonReactRouter future={ROUTER_AS_OF_7}>
        <Suspense fallback={<Starting />}>
          <Pages />
        </Suspense>
        <UpdateNotice />
      </IonReactRouter>
    </IonApp>
  );
}

/**
 * Pages appear at once: for an animation Ionic copies a page as text, which the policy of trusted types forbids, rightly.
 *
 * Which pages there are follows from the session alone: nobody sees a drive's page without a drive.
 */
function Pages() {
  const state = useSessionState();
  if (state.status === "starting") return <Starting />;
  if (state.status === "lost") return <LostPage failure={state.error} />;
  if (state.status === "open") return <Drive />;
  if (state.status === "locked") {
    return (
      <IonRouterOutlet animated={false}>
        <Route path="/recover" element={<RecoverPage />} />
        <Route path="*" element={<UnlockPage name={state.name} hasEnded={state.hasEnded === true} />} />
      </IonRouterOutlet>
    );
  }
  if (chosenServer() === undefined) {
    return (
      <IonRouterOutlet animated={false}>
        <Route path="*" element={<ServerPage />} />
      </IonRouterOutlet>
    );
  }
  return (
    <IonRouterOutlet animated={false}>
      <Route path="/" element={<WelcomePage />} />
      <Route path="/sign-in" element={<SignInPage />} />
      <Route path="/sign-up" element={<SignUpPage />} />
      <Route path="/recover" element={<RecoverPage />} />
      <Route path="*" element={<Navigate to="/" replace />} />
    </IonRouterOutlet>
  );
}
