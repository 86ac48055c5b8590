import { type ClientMessage, matches, ServerMessage } from "@excalibur/core/protocol";
import type { ClockPort, LoggerPort, Socket, SocketPort } from "../ports/index.ts";
import type { EventsApi } from "./api.ts";
import type { RemoteEvent, RemoteEventListener } from "./types.ts";

const FIRST_DELAY_MS = 1_000;
const LONGEST_DELAY_MS = 60_000;
/** A connection that died silently looks like a quiet one: after this long a new one is made, and everybody catches up. */
const SILENCE_LIMIT_MS = 10 * 60_000;

export interface EventsOptions {
  readonly api: EventsApi;
  readonly socket: SocketPort;
  readonly clock: ClockPort;
  readonly logger: LoggerPort;
  /** In [0, 1): spreads the reconnections of many clients. */
  readonly randomFraction: () => number;
}

/**
 * Announcements of the server, kept flowing: connects when somebody listens, comes back after every loss, and says
 * `resync` each time it is connected, so that a lost message costs one request and never correctness.
 */
export class RemoteEvents {
  readonly #options: EventsOptions;
  readonly #listeners = new Set<RemoteEventListener>();
  #running: AbortController | undefined;
  #pause: AbortController | undefined;

  constructor(options: EventsOptions) {
    this.#options = options;
  }

  /** Returns the way to stop listening; the last one to leave closes the connection. */
  subscribe(listener: RemoteEventListener): () => void {
    const own: RemoteEventListener = (event) => listener(event);
    this.#listeners.add(own);
    if (this.#running === undefined) this.#start();
    return () => {
      this.#listeners.delete(own);
      if (this.#listeners.size === 0) this.close();
    };
  }

  close(): void {
    this.#running?.abort();
    this.#running = undefined;
  }

  /** The platform says that there is a network again: the next attempt is made now. */
  wake(): void {
    this.#pause?.abort();
  }

  #start(): void {
    const controller = new AbortController();
    this.#running = controller;
    this.#keepConnected(controller.signal).catch((error: unknown) => {
      if (!controller.signal.aborted) this.#options.logger.warn("events stopped", { error: String(error) });
    });
  }

  async #keepConnected(signal: AbortSignal): Promise<void> {
    const { logger, randomFraction } = this.#options;
    for (let failures = 0; !signal.aborted; ) {
      const outcome = await this.#connectOnce(signal);
      if (signal.aborted) return;
      if (outcome === "session-ended") {
        this.#emit({ type: "session-ended" });
        this.close();
        return;
      }
      this.#emit({ type: "offline" });
      failures = outcome === "was-connected" ? 1 : failures + 1;
      const ceilingMs = Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** (failures - 1));
      logger.debug("events reconnect", { failures });
      await this.#pauseFor(ceilingMs / 2 + (ceilingMs / 2) * randomFraction(), signal);
    }
  }

  async #pauseFor(ms: number, signal: AbortSignal): Promise<void> {
    const pause = new AbortController();
    this.#pause = pause;
    try {
      await this.#options.clock.wait(ms, AbortSignal.any([signal, pause.signal]));
    } catch (error) {
      if (signal.aborted) throw error;
    }
  }

  async #connectOnce(signal: AbortSignal): Promise<"session-ended" | "was-connected" | "failed"> {
    let ticket: string | undefined;
    try {
      ticket = await this.#options.api.ticket(signal);
    } catch (error) {
      this.#options.logger.debug("events ticket failed", { error: (error as Error).name });
      return "failed";
    }
    return ticket === undefined ? "session-ended" : await this.#listen(ticket, signal);
  }

  #listen(ticket: string, signal: AbortSignal): Promise<"session-ended" | "was-connected" | "failed"> {
    return new Promise((resolve) => {
      let outcome: "session-ended" | "was-connected" | "failed" = "failed";
      const watch = this.#watchSilence(() => socket.close());
      const onAbort = (): void => socket.close();
      const socket: Socket = this.#options.socket.open(this.#options.api.socketUrl, {
        onOpen: () => socket.send(JSON.stringify({ type: "hello", ticket } satisfies ClientMessage)),
        onMessage: (text) => {
          watch.heard();
          const message = parseMessage(text);
          if (message?.type === "session-ended") {
            outcome = "session-ended";
            socket.close();
          } else if (message?.type === "ready") {
            outcome = "was-connected";
            this.#emit({ type: "resync" });
          } else if (message !== undefined && outcome === "was-connected") this.#emit(message);
        },
        onClose: () => {
          watch.stop();
          signal.removeEventListener("abort", onAbort);
          resolve(outcome);
        },
      });
      signal.addEventListener("abort", onAbort);
      if (signal.aborted) socket.close();
    });
  }

  #watchSilence(onSilent: () => void): { heard(): void; stop(): void } {
    const { clock } = this.#options;
    const controller = new AbortController();
    let heardMs = clock.nowMs();
    const watching = async (): Promise<void> => {
      for (let restMs = SILENCE_LIMIT_MS; restMs > 0; restMs = heardMs + SILENCE_LIMIT_MS - clock.nowMs()) {
        await clock.wait(restMs, controller.signal);
      }
      onSilent();
    };
    watching().catch((error: unknown) => {
      if (!controller.signal.aborted) this.#options.logger.warn("events watch failed", { error: String(error) });
    });
    return {
      heard() {
        heardMs = clock.nowMs();
      },
      stop: () => controller.abort(),
    };
  }

  #emit(event: RemoteEvent): void {
    for (const listener of [...this.#listeners]) {
      try {
        listener(event);
      } catch (error) {
        // One listener's defect must not cut off the others.
        this.#options.logger.warn("an event listener failed", { error: (error as Error).name });
      }
    }
  }
}

/** undefined: not one of ours, or of a newer server; both are ignored. */
function parseMessage(text: string): ServerMessage | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return matches(ServerMessage, value) ? value : undefined;
  } catch {
    return undefined;
  }
}
