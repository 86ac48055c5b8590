/**
 * [Note: Downloads through the service worker]
 * The page opens a file piece by piece and must not hold it; the browser's own downloads write to disk. Between them
 * stands this worker: the page announces a download with a port, then lets a frame ask for its address; what comes
 * through the port becomes the body of the answer, one piece for each time the browser wants more.
 */

import { bodyOf, GUARDS } from "./port-body.ts";
import type { MessageToWorker } from "./worker.ts";

interface Announced {
  readonly port: MessagePort;
  readonly fileName: string;
  /** undefined: nobody knows before the end. */
  readonly sizeBytes: number | undefined;
}

const PATH = /^\/downloads\/([A-Za-z0-9_-]{22})$/;
const announced = new Map<string, Announced>();

/** Answers "ready" through the port, so that nobody asks for the address too early. */
export function expectDownload(event: MessageToWorker): void {
  const { id, fileName, sizeBytes } = event.data as Omit<Announced, "port"> & { readonly id: string };
  const [port] = event.ports;
  if (port === undefined) return;
  announced.set(id, { port, fileName, sizeBytes });
  port.postMessage("ready");
}

/** undefined: not the address of a download. Each is answered once. */
export function answerDownload(url: URL): Response | undefined {
  const [, id] = PATH.exec(url.pathname) ?? [];
  if (id === undefined) return undefined;
  const download = announced.get(id);
  announced.delete(id);
  if (download === undefined) return new Response(undefined, { status: 404 });
  return new Response(bodyOf(download.port), { headers: headersOf(download) });
}

/** Nothing that is downloaded is ever shown or run here, whatever it is called. */
function headersOf({ fileName, sizeBytes }: Announced): Record<string, string> {
  const encoded = encodeURIComponent(fileName.toWellFormed()).replaceAll(
    /['()*]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16)}`,
  );
  return {
    "content-type": "application/octet-stream",
    "content-disposition": `attachment; filename*=UTF-8''${encoded}`,
    ...(sizeBytes === undefined ? {} : { "content-length": String(sizeBytes) }),
    ...GUARDS,
  };
}
