import type { StreamHead } from "../src/lib/session/engine/stream-types.ts";
import { bodyOf, GUARDS } from "./port-body.ts";
import type { RequestEvent, Worker } from "./worker.ts";

const PATH = /^\/streams\/([A-Za-z0-9_-]{22})$/;
/** A window answers at once, or nobody there knows of streams any more. */
const ANSWER_TIMEOUT_MS = 10_000;

/**
 * undefined: not the address of a stream. The window that asks gets what its own engine gives ([Note: Streams]), and only for
 * a player: nobody goes there, frames it, fetches it or finds a script in it.
 */
export function answerStream(
  url: URL,
  { request, clientId }: RequestEvent,
  worker: Worker,
): Promise<Response> | undefined {
  const [, streamId] = PATH.exec(url.pathname) ?? [];
  if (streamId === undefined) return undefined;
  const isForPlayer = request.destination === "audio" || request.destination === "video";
  if (clientId === "" || !isForPlayer) return Promise.resolve(nothing());
  return ask({ streamId, range: request.headers.get("range"), clientId }, worker);
}

interface Ask {
  readonly streamId: string;
  readonly range: string | null;
  readonly clientId: string;
}

async function ask({ clientId, ...asked }: Ask, worker: Worker): Promise<Response> {
  const window = await worker.clients.get(clientId);
  if (window?.type !== "window") return nothing();
  const { port1, port2 } = new MessageChannel();
  const head = await new Promise<StreamHead>((resolve) => {
    const timer = setTimeout(() => resolve({ status: 404 }), ANSWER_TIMEOUT_MS);
    port1.onmessage = ({ data }: MessageEvent<StreamHead>) => {
      clearTimeout(timer);
      resolve(data);
    };
    window.postMessage({ type: "stream", ...asked }, [port2]);
  });
  if (head.status === 404) return nothing();
  const { status, sizeBytes } = head;
  if (status === 416) {
    return new Response(undefined, { status, headers: { ...GUARDS, "content-range": `bytes */${sizeBytes}` } });
  }
  const { start, end, mediaType } = head;
  const headers = {
    ...GUARDS,
    "accept-ranges": "bytes",
    "content-type": mediaType,
    "content-disposition": "attachment",
    "content-length": String(end - start),
    ...(status === 206 ? { "content-range": `bytes ${start}-${end - 1}/${sizeBytes}` } : {}),
  };
  return new Response(bodyOf(port1), { status, headers });
}

function nothing(): Response {
  return new Response("Nothing is here.", { status: 404, headers: { ...GUARDS, "content-type": "text/plain" } });
}
