/** The only file of this room that speaks to the server. */

import { fromBase64Url, toBase64Url } from "@excalibur/core/bytes";
import {
  type BodyOf,
  beginSending,
  changeRequest,
  createRequest,
  deleteRequest,
  type Hash,
  LIMITS,
  listItems,
  listRequests,
  listSent,
  type ObjectId,
  openRequest,
  postItems,
  type ReplyOf,
  type RequestId,
  settleItems,
} from "@excalibur/core/protocol";
import type { Ports } from "../ports/index.ts";
import { ApiError, HttpTransport, parseServerAddress, seedSigner, type Transport } from "../transport/index.ts";
import { NoRequestError, UnknownRequestError } from "./errors.ts";

type Options = { readonly signal?: AbortSignal | undefined };
export type RequestState = ReplyOf<typeof createRequest>;
export type RequestChange = BodyOf<typeof changeRequest>;
export interface OpenedState extends ReplyOf<typeof openRequest> {
  /** It takes nothing more because its time is over, by the server's clock. */
  readonly isExpired: boolean;
}

export const ITEMS_AT_ONCE = LIMITS.requestItemsAtOnce;

function abortable({ signal }: Options): { signal?: AbortSignal } {
  return signal === undefined ? {} : { signal };
}

export interface WaitingItem {
  readonly objectId: Uint8Array;
  readonly arrivedMs: number;
  readonly ciphertextLength: number;
  readonly root: Uint8Array;
  readonly description: Uint8Array;
}

/** What the owner of requests asks. */
export class OwnerApi {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  async create(
    request: { readonly requestId: Uint8Array; readonly publicKey: Uint8Array; readonly knockHash: Uint8Array },
    change: Omit<RequestChange, "closed">,
    options: Options,
  ): Promise<RequestState> {
    const body = {
      requestId: idOf(request.requestId),
      publicKey: toBase64Url(request.publicKey),
      knockHash: toBase64Url(request.knockHash) as Hash,
      ...change,
    };
    return await this.#transport.call(createRequest, { body, ...abortable(options) });
  }

  async list(options: Options): Promise<RequestState[]> {
    return (await this.#transport.call(listRequests, abortable(options))).requests;
  }

  async change(requestId: Uint8Array, change: RequestChange, options: Options): Promise<RequestState> {
    const params = { requestId: idOf(requestId) };
    return await known(() => this.#transport.call(changeRequest, { params, body: change, ...abortable(options) }));
  }

  async delete(requestId: Uint8Array, options: Options): Promise<void> {
    await this.#transport.call(deleteRequest, { params: { requestId: idOf(requestId) }, ...abortable(options) });
  }

  /** What waits, in the order of arrival, a slice at a time. */
  async *items(requestId: Uint8Array, options: Options): AsyncGenerator<WaitingItem[]> {
    const params = { requestId: idOf(requestId) };
    for (let after = 0; ; ) {
      const query = { after };
      const reply = await known(() => this.#transport.call(listItems, { params, query, ...abortable(options) }));
      // A server that counts backwards would be asked for ever.
      const items = reply.items.filter(({ place }) => place > after);
      yield items.map(({ objectId, root, description, arrivedMs, ciphertextLength }) => ({
        ...{ arrivedMs, ciphertextLength, objectId: fromBase64Url(objectId) },
        ...{ root: fromBase64Url(root), description: fromBase64Url(description) },
      }));
      if (!reply.more || items.length === 0) return;
      after = Math.max(...items.map(({ place }) => place));
    }
  }

  /** At most ITEMS_AT_ONCE of each. */
  async settle(
    requestId: Uint8Array,
    settled: {
      readonly filed?: readonly { readonly objectId: Uint8Array; readonly proof: Uint8Array }[];
      readonly rejected?: readonly Uint8Array[];
    },
    options: Options,
  ): Promise<void> {
    const { filed = [], rejected = [] } = settled;
    const body = {
      filed: filed.map(({ objectId, proof }) => ({ objectId: objectIdOf(objectId), proof: toBase64Url(proof) })),
      rejected: rejected.map(objectIdOf),
    };
    const params = { requestId: idOf(requestId) };
    await known(() => this.#transport.call(settleItems, { params, body, ...abortable(options) }));
  }
}

/** What a sender without an account asks. */
export class SenderApi {
  readonly #ports: Ports;
  readonly #open: HttpTransport;

  /** Throws ServerAddressError. */
  constructor(ports: Ports, server: string) {
    const { http, clock, logger } = ports;
    this.#ports = ports;
    this.#open = new HttpTransport({ address: parseServerAddress(server), http, clock, logger });
  }

  get origin(): string {
    return this.#open.origin;
  }

  /** Throws NoRequestError. */
  async open(requestId: Uint8Array, knock: Uint8Array, options: Options): Promise<OpenedState> {
    const params = { requestId: idOf(requestId) };
    const body = { knock: toBase64Url(knock) };
    const state = await there(() => this.#open.call(openRequest, { params, body, ...abortable(options) }));
    const { isOpen, expiresMs } = state;
    // What was closed before its time is told apart from what is over; nothing else here asks for the time.
    const isExpired = !isOpen && expiresMs !== null && expiresMs <= (await this.#serverNowMs(options));
    return { ...state, isExpired };
  }

  async #serverNowMs({ signal }: Options): Promise<number> {
    await this.#open.learnClock(signal);
    return this.#open.nowMs();
  }

  /** A transport that signs as this sender; a session that ended meanwhile is begun anew. */
  async begin(sender: NewSender, options: Options): Promise<SenderTransport> {
    const begin = async () => seedSigner(await this.#senderId(sender, options), sender.seed);
    const transport = this.#open.withSession(await begin(), { onSessionEnded: begin });
    this.#ports.logger.debug("a sender's session began");
    return transport;
  }

  async #senderId({ requestId, knock, publicKey, proof }: NewSender, options: Options): Promise<string> {
    const body = {
      ...{ knock: toBase64Url(knock), origin: this.origin },
      ...{ publicKey: toBase64Url(publicKey), proof: toBase64Url(proof) },
    };
    const params = { requestId: idOf(requestId) };
    return (await there(() => this.#open.call(beginSending, { params, body, ...abortable(options) }))).senderId;
  }
}

export type SenderTransport = HttpTransport;

export interface NewSender {
  readonly requestId: Uint8Array;
  readonly knock: Uint8Array;
  readonly seed: Uint8Array;
  readonly publicKey: Uint8Array;
  readonly proof: Uint8Array;
}

/** When they arrived, by the server's clock. At most ITEMS_AT_ONCE. */
export async function post(
  transport: SenderTransport,
  items: readonly { readonly objectId: Uint8Array; readonly description: Uint8Array }[],
  options: Options,
): Promise<number> {
  const body = {
    items: items.map(({ objectId, description }) => ({
      objectId: objectIdOf(objectId),
      description: toBase64Url(description),
    })),
  };
  return (await transport.call(postItems, { body, ...abortable(options) })).arrivedMs;
}

/** The owner's proofs of what was filed, by objectId as base64url. */
export async function filedProofs(transport: SenderTransport, options: Options): Promise<Map<string, Uint8Array>> {
  const proofs = new Map<string, Uint8Array>();
  for (let after = 0; ; ) {
    const { items, more } = await transport.call(listSent, { query: { after }, ...abortable(options) });
    const next = items.filter(({ place }) => place > after);
    for (const { objectId, proof } of next) if (proof !== null) proofs.set(objectId, fromBase64Url(proof));
    if (!more || next.length === 0) return proofs;
    after = Math.max(...next.map(({ place }) => place));
  }
}

function idOf(requestId: Uint8Array): RequestId {
  return toBase64Url(requestId) as RequestId;
}

function objectIdOf(objectId: Uint8Array): ObjectId {
  return toBase64Url(objectId) as ObjectId;
}

async function there<T>(call: () => Promise<T>): Promise<T> {
  return await insteadOfNotFound(call, () => new NoRequestError());
}

async function known<T>(call: () => Promise<T>): Promise<T> {
  return await insteadOfNotFound(call, () => new UnknownRequestError());
}

async function insteadOfNotFound<T>(call: () => Promise<T>, instead: () => Error): Promise<T> {
  try {
    return await call();
  } catch (error) {
    throw error instanceof ApiError && error.code === "not_found" ? instead() : error;
  }
}
