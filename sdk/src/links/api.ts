/** The only file of this room that speaks to the server. */

import { fromBase64Url, toBase64Url } from "@excalibur/core/bytes";
import {
  changeLink,
  claimLink,
  createLink,
  getIdentity,
  getLinkLog,
  type Hash,
  knockLink,
  type Link,
  type LinkId,
  type LinkRules,
  type LoginId,
  listClaims,
  listLinks,
  openLink,
  type SessionBinding,
  type SessionId,
  type UserId,
  type VolumeId,
} from "@excalibur/core/protocol";
import { MissingError, type Transport } from "../transport/index.ts";
import { LinkNotFoundError, UnknownLinkError } from "./errors.ts";
import type { LinkLogEntry, LinkRole, WaitingClaim } from "./types.ts";

export {
  addressText,
  createSessionKey,
  HttpTransport,
  type HttpTransportOptions,
  parseServerAddress,
  type SessionSigner,
  seedSigner,
} from "../transport/index.ts";

type Options = { readonly signal?: AbortSignal | undefined };

function abortable({ signal }: Options): { signal?: AbortSignal } {
  return signal === undefined ? {} : { signal };
}

export function idOf(linkId: Uint8Array): LinkId {
  return toBase64Url(linkId) as LinkId;
}

export interface PreparedLink {
  readonly linkId: Uint8Array;
  readonly volumeId: Uint8Array;
  readonly role: LinkRole;
  readonly identity: Uint8Array;
  readonly knockHash: Uint8Array;
  readonly record: Uint8Array;
  readonly hasPassword: boolean;
  readonly rules: LinkRules;
}

/** Links as their makers see them. */
export class LinksApi {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  async create({ role, hasPassword, rules, ...link }: PreparedLink, options: Options): Promise<void> {
    const body = {
      ...{ role, hasPassword, rules, linkId: idOf(link.linkId) },
      volumeId: toBase64Url(link.volumeId) as VolumeId,
      identity: toBase64Url(link.identity),
      knockHash: toBase64Url(link.knockHash) as Hash,
      record: toBase64Url(link.record),
    };
    await this.#transport.call(createLink, { body, ...abortable(options) });
  }

  async list(options: Options): Promise<Link[]> {
    return (await this.#transport.call(listLinks, abortable(options))).links;
  }

  /** Throws UnknownLinkError, ApiError forbidden, link_revoked. */
  async change(linkId: LinkId, rules: LinkRules, options: Options): Promise<void> {
    await known(() => this.#transport.call(changeLink, { params: { linkId }, body: { rules }, ...abortable(options) }));
  }

  /** Newest first. Throws UnknownLinkError. */
  async log(linkId: LinkId, options: Options): Promise<LinkLogEntry[]> {
    return (await known(() => this.#transport.call(getLinkLog, { params: { linkId }, ...abortable(options) }))).entries;
  }
}

/** Invitations as whoever takes them up sees them. */
export class ClaimsApi {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** Of this person, unverified, first to newest. */
  async identities(userId: Uint8Array, options: Options): Promise<Uint8Array[]> {
    const params = { userId: toBase64Url(userId) as UserId };
    return (await this.#transport.call(getIdentity, { params, ...abortable(options) })).records.map(fromBase64Url);
  }

  /** Throws LinkNotFoundError, ApiError link_claimed, link_expired, link_paused, link_revoked, record_invalid. */
  async claim(
    linkId: Uint8Array,
    claim: { readonly knock: Uint8Array; readonly loginId: Uint8Array; readonly signature: Uint8Array },
    options: Options,
  ): Promise<void> {
    const body = {
      knock: toBase64Url(claim.knock),
      loginId: toBase64Url(claim.loginId) as LoginId,
      signature: toBase64Url(claim.signature),
    };
    const params = { linkId: idOf(linkId) };
    await found(() => this.#transport.call(claimLink, { params, body, ...abortable(options) }));
  }

  async waiting(options: Options): Promise<WaitingClaim[]> {
    const { claims } = await this.#transport.call(listClaims, abortable(options));
    return claims.map(({ linkId, volumeId, invitedBy, claimedMs }) => ({
      ...{ id: linkId, claimedMs, invitedBy: invitedBy ?? undefined },
      volumeId: fromBase64Url(volumeId),
    }));
  }
}

async function known<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    throw error instanceof MissingError ? new UnknownLinkError() : error;
  }
}

export interface Doorstep {
  readonly loginId: Uint8Array;
  readonly serverNonce: Uint8Array;
  readonly needsPassword: boolean;
}

export interface OpenedDoor {
  readonly sessionId: SessionId;
  readonly record: Uint8Array;
  readonly viewOnly: boolean;
  readonly expiresMs: number | null;
}

/** A link as its visitors see it, before they have a session. */
export class DoorApi {
  readonly #transport: Transport;
  readonly #params: { readonly linkId: LinkId };

  constructor(transport: Transport, linkId: Uint8Array) {
    this.#transport = transport;
    this.#params = { linkId: idOf(linkId) };
  }

  /** Throws LinkNotFoundError, ApiError link_expired, link_used_up, link_paused, link_revoked. */
  async knock(knock: Uint8Array, options: Options): Promise<Doorstep> {
    const body = { knock: toBase64Url(knock) };
    const reply = await found(() =>
      this.#transport.call(knockLink, { params: this.#params, body, ...abortable(options) }),
    );
    return {
      loginId: fromBase64Url(reply.loginId),
      serverNonce: fromBase64Url(reply.serverNonce),
      needsPassword: reply.needsPassword,
    };
  }

  /** Never repeated by itself: the login is used up by the first attempt. Throws as `knock`, ApiError link_password_wrong, too_many_attempts. */
  async open(
    { knock, loginId }: { readonly knock: Uint8Array; readonly loginId: Uint8Array },
    session: Omit<SessionBinding, "publicKey" | "proof"> & {
      readonly publicKey: Uint8Array;
      readonly proof: Uint8Array;
    },
    options: Options,
  ): Promise<OpenedDoor> {
    const { publicKey, proof, ...rest } = session;
    const body = {
      knock: toBase64Url(knock),
      loginId: toBase64Url(loginId) as LoginId,
      session: { ...rest, publicKey: toBase64Url(publicKey), proof: toBase64Url(proof) },
    };
    const reply = await found(() =>
      this.#transport.call(openLink, { params: this.#params, body, attempts: 1, ...abortable(options) }),
    );
    return { ...reply, record: fromBase64Url(reply.record) };
  }
}

async function found<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    throw error instanceof MissingError ? new LinkNotFoundError({ cause: error }) : error;
  }
}
