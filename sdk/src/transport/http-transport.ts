import { API_VERSION, getClock, getCompatibility, type Route } from "@excalibur/core/protocol";
import type { ClockPort, HttpPort, LoggerPort } from "../ports/index.ts";
import { routeTarget, type ServerAddress } from "./address.ts";
import type { SessionSigner } from "./crypto.ts";
import { ApiError, GatewayError, MalformedReplyError, SessionEndedError, UpgradeNeededError } from "./errors.ts";
import { decodeReply } from "./reply.ts";
import { withRetry } from "./retry.ts";
import { coveredHeaderValues, signatureHeaders } from "./signed-headers.ts";
import type { CallOptions, CallReply, RawBody, Transport } from "./types.ts";

const DEFAULT_TIMEOUT_MS = 30_000;
/** A clock may be wrong once, and jump once more while we correct it. */
const CLOCK_CORRECTIONS = 2;
/**
 * The year 2200. Each commit is later than the one before it, so a commit that followed a clock to the end of all times
 * would be the last one that anybody can write.
 */
const LATEST_CLOCK_MS = Date.UTC(2200, 0);
/** A server that was never reached is more often a wrong address than a short outage. */
const FIRST_CONTACT_ATTEMPTS = 3;

export interface HttpTransportOptions {
  readonly address: ServerAddress;
  readonly http: HttpPort;
  readonly clock: ClockPort;
  readonly logger: LoggerPort;
  readonly session?: SessionSigner;
  /** What an earlier process learned about this device's clock. Used for signing only. */
  readonly clockOffsetMs?: number;
  /** Called when the server's clock was asked. */
  readonly onClockOffset?: (offsetMs: number) => void;
  /**
   * Asked when the server says that the session has ended: another process of this device may have begun a new one.
   * undefined: there is none, and the call fails.
   */
  readonly onSessionEnded?: () => Promise<SessionSigner | undefined>;
  /** The versions were compared not long ago. */
  readonly compatibilityKnown?: boolean;
  readonly onCompatible?: () => void;
}

/** The options of a call with the types of a single route forgotten. */
interface AnyCallOptions {
  readonly params?: Readonly<Record<string, unknown>>;
  readonly query?: Readonly<Record<string, unknown>>;
  readonly body?: unknown;
  readonly signal?: AbortSignal;
  readonly leaves?: Uint8Array;
  readonly into?: Uint8Array;
  readonly range?: { readonly first: number; readonly last: number };
  readonly expectedLengthBytes?: number;
  readonly timeoutMs?: number;
  readonly attempts?: number;
}

interface PreparedCall {
  readonly route: Route;
  readonly path: string;
  readonly query: string;
  readonly pieces: readonly Uint8Array[] | undefined;
  readonly plainHeaders: Readonly<Record<string, string>>;
  readonly covered: Readonly<Record<string, string>>;
  readonly options: AnyCallOptions;
}

/** A transport over HTTP. With a session it signs; without, only open routes can be called. */
export class HttpTransport implements Transport {
  readonly address: ServerAddress;
  readonly #options: HttpTransportOptions;
  #session: SessionSigner | undefined;
  #clockOffsetMs: number;
  #compatibility: Promise<void> | undefined;

  constructor(options: HttpTransportOptions) {
    this.#options = options;
    this.address = options.address;
    this.#session = options.session;
    this.#clockOffsetMs = options.clockOffsetMs ?? 0;
    if (options.compatibilityKnown) this.#compatibility = Promise.resolve();
  }

  get origin(): string {
    return this.address.origin;
  }

  /** Server's clock minus ours, as far as known. */
  get clockOffsetMs(): number {
    return this.#clockOffsetMs;
  }

  /** Now by the server's clock, as far as it is known: for times in records that the server checks. */
  nowMs(): number {
    return this.#options.clock.nowMs() + this.#clockOffsetMs;
  }

  /** Everything from here on is signed by another session of the same account. */
  useSession(session: SessionSigner): void {
    this.#session = session;
  }

  /** The same server through a session that has just begun. */
  withSession(session: SessionSigner, more: Pick<HttpTransportOptions, "onSessionEnded"> = {}): HttpTransport {
    return new HttpTransport({
      ...this.#options,
      ...more,
      session,
      clockOffsetMs: this.#clockOffsetMs,
      compatibilityKnown: this.#compatibility !== undefined,
    });
  }

  async call<R extends Route>(route: R, options: CallOptions<R>): Promise<CallReply<R>> {
    const anyOptions = options as AnyCallOptions;
    await this.#ensureCompatible(anyOptions);
    const prepared = await this.#prepare(route, anyOptions);
    try {
      return (await this.#callWithRetry(prepared)) as CallReply<R>;
    } catch (error) {
      throw looksLikeAnotherVersion(error) ? await this.#upgradeInstead(error, anyOptions.signal) : error;
    }
  }

  async #ensureCompatible({ signal, attempts }: Pick<AnyCallOptions, "signal" | "attempts">): Promise<void> {
    const limit = Math.min(attempts ?? FIRST_CONTACT_ATTEMPTS, FIRST_CONTACT_ATTEMPTS);
    const checking = this.#compatibility ?? this.#checkCompatibility(signal, limit);
    this.#compatibility = checking;
    try {
      await checking;
    } catch (error) {
      // The next call asks again: the network may be back, or the server updated.
      if (this.#compatibility === checking) this.#compatibility = undefined;
      throw error;
    }
  }

  async #checkCompatibility(signal: AbortSignal | undefined, attempts = 1): Promise<void> {
    const prepared = await this.#prepare(getCompatibility, { attempts, ...(signal === undefined ? {} : { signal }) });
    const { api } = (await this.#callWithRetry(prepared)) as CallReply<typeof getCompatibility>;
    if (API_VERSION < api.minimum) throw new UpgradeNeededError("client");
    if (API_VERSION > api.maximum) throw new UpgradeNeededError("server");
    this.#options.onCompatible?.();
  }

  /** An answer that makes no sense may come from a server that was updated since we compared versions. */
  async #upgradeInstead(error: unknown, signal: AbortSignal | undefined): Promise<unknown> {
    try {
      await this.#checkCompatibility(signal);
      return error;
    } catch (other) {
      return other instanceof UpgradeNeededError ? other : error;
    }
  }

  async #prepare(route: Route, options: AnyCallOptions): Promise<PreparedCall> {
    const { path, query } = routeTarget(route, this.address.prefix, options);
    const plainHeaders: Record<string, string> = { accept: "*/*", "accept-encoding": "identity" };
    const pieces = bodyPieces(route, options.body);
    if (pieces !== undefined) {
      plainHeaders["content-type"] = typeof route.body === "symbol" ? "application/octet-stream" : "application/json";
    }
    if (options.range !== undefined) plainHeaders["range"] = `bytes=${options.range.first}-${options.range.last}`;
    const signing = { kind: route.kind, method: route.method, path, query, pieces, leaves: options.leaves };
    const covered = route.kind === "open" ? {} : await coveredHeaderValues(signing);
    return { route, path, query, pieces, plainHeaders, covered, options };
  }

  #callWithRetry(prepared: PreparedCall): Promise<unknown> {
    const { attempts, signal } = prepared.options;
    const { clock, logger } = this.#options;
    const onRetry = (error: unknown, failures: number): void => {
      const facts = { route: prepared.route.id, failures, error: (error as Error).name };
      // One lost packet is nobody's business; a person who waits wants to know why.
      if (failures > 1) logger.warn("the server did not answer; trying again", facts);
      else logger.debug("trying again", facts);
    };
    return withRetry(() => this.#callWithClock(prepared), { clock, attempts, signal, onRetry });
  }

  async #callWithClock(prepared: PreparedCall): Promise<unknown> {
    for (let corrections = 0; ; corrections++) {
      try {
        return await this.#exchange(prepared);
      } catch (error) {
        if (error instanceof SessionEndedError && corrections === 0 && (await this.#takeNewerSession())) continue;
        const code = error instanceof ApiError ? error.code : undefined;
        if (corrections >= CLOCK_CORRECTIONS || (code !== "clock_skew" && code !== "replayed")) throw error;
        // `replayed`: something in between sent our request twice; a fresh nonce and the same idempotency key ask for the reply.
        if (code === "clock_skew") await this.#learnClock(prepared.options.signal);
      }
    }
  }

  async #exchange(prepared: PreparedCall): Promise<unknown> {
    const { route, path, query, pieces, plainHeaders, covered, options } = prepared;
    const { http, clock, logger } = this.#options;
    const session = this.#session;
    let signed: Record<string, string> = {};
    if (route.kind !== "open") {
      if (session === undefined) throw new TypeError(`${route.id} needs a session.`);
      const signing = { signer: session, nowMs: this.nowMs() };
      signed = await signatureHeaders({ method: route.method, path, query }, covered, signing);
    }
    const startedMs = clock.nowMs();
    const reply = await http.send({
      method: route.method,
      url: `${this.address.origin}${path}${query === "" ? "" : `?${query}`}`,
      headers: { ...plainHeaders, ...covered, ...signed },
      ...(pieces === undefined ? {} : { body: pieces }),
      ...(options.into === undefined ? {} : { into: options.into }),
      ...(options.signal === undefined ? {} : { signal: options.signal }),
      timeoutMs: options.timeoutMs ?? DEFAULT_TIMEOUT_MS,
    });
    logger.debug("call", { route: route.id, status: reply.status, tookMs: clock.nowMs() - startedMs });
    const { range, expectedLengthBytes } = options;
    return decodeReply(reply, { route, range, expectedLengthBytes });
  }

  async #takeNewerSession(): Promise<boolean> {
    const session = await this.#options.onSessionEnded?.();
    if (session === undefined || session.sessionId === this.#session?.sessionId) return false;
    this.#session = session;
    return true;
  }

  /** Asks the server's clock. Used for signing and for times in records, never for a decision about keys. */
  async learnClock(signal?: AbortSignal): Promise<void> {
    await this.#ensureCompatible(signal === undefined ? {} : { signal });
    await this.#learnClock(signal);
  }

  async #learnClock(signal: AbortSignal | undefined): Promise<void> {
    const { clock } = this.#options;
    const prepared = await this.#prepare(getClock, signal === undefined ? {} : { signal });
    const askedMs = clock.nowMs();
    const { timeMs } = (await this.#exchange(prepared)) as CallReply<typeof getClock>;
    if (timeMs > LATEST_CLOCK_MS) throw new MalformedReplyError(getClock.id, "no clock shows such a time");
    this.#clockOffsetMs = Math.round(timeMs - (askedMs + clock.nowMs()) / 2);
    this.#options.onClockOffset?.(this.#clockOffsetMs);
  }
}

function bodyPieces(route: Route, body: unknown): readonly Uint8Array[] | undefined {
  if (route.body === undefined) return undefined;
  if (typeof route.body !== "symbol") return [new TextEncoder().encode(JSON.stringify(body))];
  const raw = body as RawBody;
  return raw instanceof Uint8Array ? [raw] : raw;
}

function looksLikeAnotherVersion(error: unknown): boolean {
  if (error instanceof MalformedReplyError) return true;
  if (error instanceof GatewayError) return error.status >= 400 && error.status < 500;
  return error instanceof ApiError && (error.code === "bad_request" || error.code === "method_not_allowed");
}
