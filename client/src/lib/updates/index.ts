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

/** What the server says of the program that it hands out. */
export interface BuildNote {
  readonly version: string;
  /** SHA-256, as hex. */
  readonly build: string;
}

/** Rejects when the server cannot be asked, or answers something else. */
export async function readBuildNote(signal: AbortSignal): Promise<BuildNote> {
  const response = await fetch("/build.json", { signal, cache: "no-store" });
  const { version, build } = (await response.json()) as Partial<BuildNote>;
  if (!response.ok || typeof version !== "string" || typeof build !== "string") {
    throw new Error("This is no note of a build.");
  }
  return { version, build };
}
