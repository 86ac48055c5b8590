/** The program as an installed app: its service worker, and newer builds, which wait until the person agrees. */

type Listener = () => void;

let waiting: ServiceWorker | undefined;
const listeners = new Set<Listener>();

function announce(worker: ServiceWorker): void {
  waiting = worker;
  for (const listener of listeners) listener();
}

/** Registers the service worker. That there is none (a private window, an old browser) costs downloads and offline use only. */
export function watchForUpdates(): void {
  if (!("serviceWorker" in navigator)) return;
  const { serviceWorker } = navigator;
  // The first worker of all takes over silently; a later one because the person asked for it.
  const wasControlled = serviceWorker.controller !== null;
  serviceWorker.addEventListener("controllerchange", () => {
    if (wasControlled) location.reload();
  });
  serviceWorker.register("/service-worker.js").then(
    (registration) => {
      if (registration.waiting && wasControlled) announce(registration.waiting);
      registration.addEventListener("updatefound", () => {
        const { installing } = registration;
        installing?.addEventListener("statechange", () => {
          if (installing.state === "installed" && serviceWorker.controller !== null) announce(installing);
        });
      });
    },
    // Not allowed here: downloads will say so, and the rest works.
    () => null,
  );
}

export function isUpdateWaiting(): boolean {
  return waiting !== undefined;
}

export function onUpdate(listener: Listener): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** The page loads again, as the newer build. */
export function applyUpdate(): void {
  waiting?.postMessage({ type: "take-over" });
}
