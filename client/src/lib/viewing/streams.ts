import { handOver, type Session } from "../session/index.ts";

/** A worker without news is stopped after half a minute, even while its answers flow. */
const STAY_AWAKE_MS = 10_000;

/** False: this page was loaded past the service worker, or there is none, so nothing can be played. */
export function canStream(): boolean {
  return "serviceWorker" in navigator && navigator.serviceWorker.controller !== null;
}

export function streamAddress(streamId: string): string {
  return `/streams/${streamId}`;
}

/** Hands the browser's questions for streams to the engine, until the function that it gives is called. [Note: Streams] */
export function serveStreams(session: Session): () => void {
  const { serviceWorker } = navigator;
  const answer = ({ data: asked, source, origin, ports }: MessageEvent): void => {
    const [port] = ports;
    const isOurs = source instanceof ServiceWorker && origin === location.origin && asked?.type === "stream";
    if (!isOurs || port === undefined) return;
    const { streamId, range } = asked as { readonly streamId: string; readonly range: string | null };
    void session.engine.streams.serve(handOver({ streamId, range, port }, [port]));
  };
  serviceWorker.addEventListener("message", answer);
  serviceWorker.startMessages();
  const awake = setInterval(() => serviceWorker.controller?.postMessage({ type: "awake" }), STAY_AWAKE_MS);
  return () => {
    clearInterval(awake);
    serviceWorker.removeEventListener("message", answer);
  };
}
