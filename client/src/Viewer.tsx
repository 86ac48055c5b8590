import { type ComponentProps, lazy, Suspense } from "react";
import { Guarded } from "./components/page/Guarded.tsx";
import { LostViewer } from "./components/page/LostViewer.tsx";

// Whoever looks at nothing needs nothing of it.
const ViewerPage = lazy(async () => ({ default: (await import("./pages/viewer/ViewerPage.tsx")).ViewerPage }));

/** One file, over the page it was opened from, which stays whatever happens to what shows the file. */
export function Viewer(props: ComponentProps<typeof ViewerPage>) {
  return (
    <Guarded fallback={(failure) => <LostViewer failure={failure} />}>
      <Suspense>
        <ViewerPage {...props} />
      </Suspense>
    </Guarded>
  );
}
