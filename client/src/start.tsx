import { lazy, Suspense } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./App.tsx";
import { Contexts } from "./Contexts.tsx";
import { Guarded } from "./components/page/Guarded.tsx";
import { LostPage } from "./components/page/LostPage.tsx";
import { Starting } from "./components/page/Starting.tsx";
import { watchBack } from "./lib/back/index.ts";
import { followOtherWindows, followSystemTheme } from "./lib/preferences/index.ts";
import { publicPlace } from "./lib/session/public-place.ts";
import { loadLanguage } from "./lib/text/index.ts";
import { watchForUpdates } from "./lib/updates/index.ts";
import { prepareScreen } from "./native/index.ts";
import { InsecurePage } from "./pages/insecure/InsecurePage.tsx";
import "./theme/index.ts";

// People with a drive need nothing of it.
const PublicApp = lazy(async () => ({ default: (await import("./PublicApp.tsx")).PublicApp }));

/** Shows the first page. Without a secure context there are no ciphers, and nothing weaker takes their place. */
export async function start(): Promise<void> {
  watchBack();
  followSystemTheme();
  followOtherWindows();
  await loadLanguage();
  const place = document.getElementById("root");
  if (place === null) throw new Error("index.html has no #root.");
  // What is caught is shown where it was, and what is a defect was written to the console there (failureOf).
  const root = createRoot(place, { onCaughtError: () => undefined });
  if (!isSecureContext) {
    root.render(<InsecurePage />);
    return;
  }
  const opened = publicPlace();
  root.render(
    <Guarded fallback={(failure) => <LostPage failure={failure} />}>
      {opened === undefined ? (
        <Contexts>
          <App />
        </Contexts>
      ) : (
        <Suspense fallback={<Starting />}>
          <PublicApp place={opened} />
        </Suspense>
      )}
    </Guarded>,
  );
  watchForUpdates();
  // Whatever the system will not do here, the drive is there.
  await prepareScreen();
}
