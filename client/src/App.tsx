import { lazy, type ReactNode, Suspense } from "react";
import { BrowserRouter, Navigate, Route, Routes } from "react-router-dom";
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
import { ROUTER_AS_OF_7 } from "./router.ts";

// What comes after the first page is fetched when it is needed.
const SignUpPage = lazy(async () => ({ default: (await import("./pages/sign-up/SignUpPage.tsx")).SignUpPage }));
const loadDrive = async () => ({ default: (await import("./DriveApp.tsx")).DriveApp });
const DriveApp = lazy(loadDrive);

export function App() {
  return (
    <>
      <Suspense fallback={<Starting />}>
        <Pages />
      </Suspense>
      <UpdateNotice />
    </>
  );
}

/** Which pages there are follows from the session alone: nobody sees a drive's page without a drive. */
function Pages() {
  const state = useSessionState();
  if (state.status === "starting") return <Starting />;
  if (state.status === "lost") return <LostPage failure={state.error} />;
  if (state.status === "open") return <DriveApp />;
  if (state.status === "locked") {
    return (
      <Entrance>
        <Route path="/recover" element={<RecoverPage />} />
        <Route path="*" element={<UnlockPage name={state.name} hasEnded={state.hasEnded === true} />} />
      </Entrance>
    );
  }
  if (chosenServer() === undefined) {
    return (
      <Entrance>
        <Route path="*" element={<ServerPage />} />
      </Entrance>
    );
  }
  return (
    <Entrance>
      <Route path="/" element={<WelcomePage />} />
      <Route path="/sign-in" element={<SignInPage />} />
      <Route path="/sign-up" element={<SignUpPage />} />
      <Route path="/recover" element={<RecoverPage />} />
      <Route path="*" element={<Navigate to="/" replace />} />
    </Entrance>
  );
}

/** Before the drive is open. It is on its way while a password is stretched: whoever sends a form comes in next. */
function Entrance({ children }: { readonly children: ReactNode }) {
  // Settled either way: what could not be fetched is fetched again when the drive opens.
  const fetchDrive = (): void => void Promise.allSettled([loadDrive()]);
  return (
    <BrowserRouter future={ROUTER_AS_OF_7}>
      <div className="entrance" onSubmit={fetchDrive}>
        <Routes>{children}</Routes>
      </div>
    </BrowserRouter>
  );
}
