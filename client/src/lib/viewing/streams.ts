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

/** As long as something plays, until the function that it gives is called. */
export function keepStreaming(): () => void {
  const { serviceWorker } = navigator;
  const awake = setInterval(() => serviceWorker.controller?.postMessage({ type: "awake" }), STAY_AWAKE_MS);
  return () => clearInterval(awake);
}

/**
 * Hands the browser's questions for streams to the engine, until the function that it gives is called. Every open drive does so,
 * whether something plays or not: a question for a stream of another window is answered with nothing at once.
 * [Note: Streams]
 */
export function serveStreams(session: Session): () => void {
  if (!("serviceWorker" in navigator)) return () => undefined;
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
  return () => serviceWorker.removeEventListener("message", answer);
}
