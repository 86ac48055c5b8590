import { type HttpPort, type HttpReply, type HttpRequest, NetworkError } from "@excalibur/sdk/ports";

const DEFAULT_TIMEOUT_MS = 30_000;

/** Ends a request after a silence; hearing something begins the silence anew. */
class Silence {
  readonly #controller = new AbortController();
  readonly #timeoutMs: number;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(timeoutMs: number) {
    this.#timeoutMs = timeoutMs;
    this.heard();
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  heard(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#controller.abort(), this.#timeoutMs);
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  /** The rest is not wanted: gives the connection back. */
  leave(): void {
    this.stop();
    this.#controller.abort();
  }
}

function networkError(error: unknown, request: HttpRequest, silence: Silence): unknown {
  if (request.signal?.aborted) return request.signal.reason;
  const what = silence.signal.aborted ? "The server stopped answering." : "The server could not be reached.";
  // Without any network there is no sense in trying again and again: who waits is told at once.
  return new NetworkError(`${what} Nothing was lost; try again.`, { cause: error, temporary: navigator.onLine });
}

/** One piece of memory: the browser takes no list, and a Blob would copy as well. */
function bodyOf(body: HttpRequest["body"]): Uint8Array<ArrayBuffer> | undefined {
  if (body === undefined || body instanceof Uint8Array) return body as Uint8Array<ArrayBuffer> | undefined;
  const [only] = body;
  if (only !== undefined && body.length === 1) return only as Uint8Array<ArrayBuffer>;
  const whole = new Uint8Array(body.reduce((sum, piece) => sum + piece.length, 0));
  let filled = 0;
  for (const piece of body) {
    whole.set(piece, filled);
    filled += piece.length;
  }
  return whole;
}

/** HTTP through the browser: no cookies, no cache, no referrer. */
export const fetchHttp: HttpPort = {
  async send(request: HttpRequest): Promise<HttpReply> {
    const { method, url, headers, signal, timeoutMs = DEFAULT_TIMEOUT_MS } = request;
    signal?.throwIfAborted();
    const silence = new Silence(timeoutMs);
    const body = bodyOf(request.body);
    try {
      const response = await fetch(url, {
        method,
        headers,
        ...(body === undefined ? {} : { body }),
        signal: signal === undefined ? silence.signal : AbortSignal.any([signal, silence.signal]),
        redirect: "manual",
        credentials: "omit",
        cache: "no-store",
        referrerPolicy: "no-referrer",
      });
      return {
        status: response.status,
        header: (name) => response.headers.get(name) ?? undefined,
        body: readBody(response, request, silence),
      };
    } catch (error) {
      silence.stop();
      throw networkError(error, request, silence);
    }
  },
};

async function* readBody(response: Response, request: HttpRequest, silence: Silence): AsyncGenerator<Uint8Array> {
  const reader = response.body?.getReader();
  let isWhole = reader === undefined;
  try {
    while (reader !== undefined) {
      silence.heard();
      const { done, value } = await reader.read();
      if (done) {
        isWhole = true;
        return;
      }
      // Whoever asked may think about a piece for as long as they like.
      silence.stop();
      yield value;
    }
  } catch (error) {
    throw networkError(error, request, silence);
  } finally {
    if (isWhole) silence.stop();
    else silence.leave();
  }
}
