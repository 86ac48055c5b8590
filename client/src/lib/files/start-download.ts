import { toBase64Url } from "@excalibur/core/bytes";

const READY_TIMEOUT_MS = 10_000;
/** A worker without news is stopped after half a minute, even while its answer flows. */
const STAY_AWAKE_MS = 10_000;
const ID_BYTES = 16;

export class DownloadUnavailableError extends Error {
  readonly code = "download_unavailable";

  constructor() {
    super("This browser offers no service worker, so a download cannot be written to disk piece by piece.");
  }
}

export interface StartedDownload {
  /** Where the file's bytes go: see PortSink. */
  readonly port: MessagePort;
  /** Call it when the last byte went, or when whoever sends has failed. Rejects when what went could not be written. */
  done(outcome?: { readonly hasFailed?: boolean }): Promise<void>;
}

/**
 * Makes the browser begin a download of its own, to be filled through the port; of what is made while it comes nobody knows
 * the size before. Throws DownloadUnavailableError.
 */
export async function startDownload(fileName: string, sizeBytes: number | undefined): Promise<StartedDownload> {
  const worker = await activeWorker();
  const id = toBase64Url(crypto.getRandomValues(new Uint8Array(ID_BYTES)));
  const { port1, port2 } = new MessageChannel();
  const ready = new Promise<void>((resolve, reject) => {
    const timer = setTimeout(() => reject(new DownloadUnavailableError()), READY_TIMEOUT_MS);
    port1.onmessage = () => {
      clearTimeout(timer);
      resolve();
    };
  });
  worker.postMessage({ type: "download", id, fileName, sizeBytes }, [port2]);
  await ready;
  port1.onmessage = null;
  const frame = document.createElement("iframe");
  frame.hidden = true;
  frame.src = `/downloads/${id}`;
  document.body.append(frame);
  const awake = setInterval(() => worker.postMessage({ type: "awake" }), STAY_AWAKE_MS);
  return {
    port: port1,
    done: async () => {
      clearInterval(awake);
      frame.remove();
    },
  };
}

async function activeWorker(): Promise<ServiceWorker> {
  if (!("serviceWorker" in navigator)) throw new DownloadUnavailableError();
  const registration = await navigator.serviceWorker.getRegistration("/");
  if (registration === undefined) throw new DownloadUnavailableError();
  const { active } = await navigator.serviceWorker.ready;
  // A page that was loaded past the worker (Shift+Reload) has none in front of its requests.
  if (active === null || navigator.serviceWorker.controller === null) throw new DownloadUnavailableError();
  return active;
}
