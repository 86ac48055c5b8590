/** Invitations for people without an account: docs/spec/links.md §10. */

import { equalBytes, fromBase64Url } from "@excalibur/core/bytes";
import type { Claim, Link } from "@excalibur/core/protocol";
import type { AccountSession } from "../account/index.ts";
import type { MountedVolumes } from "../mounts/index.ts";
import type { Sharing } from "../sharing/index.ts";
import type { Transport } from "../transport/index.ts";
import { ClaimsApi, DoorApi, LinksApi } from "./api.ts";
import {
  isInvitationId,
  linkKnock,
  ownRecord,
  provenClaimant,
  type ReceivedClaim,
  readLinkAddress,
  signClaim,
  visitorMaterial,
} from "./crypto.ts";
import { AlreadyInsideError, InvitationElsewhereError, LinkNotFoundError, NotInvitationError } from "./errors.ts";
import type { FoundInvitation, VisitOptions, WaitingClaim, Welcomed } from "./types.ts";
import { type VisitPorts, visitLink } from "./visit.ts";

type Options = { readonly signal?: AbortSignal };

/** The address of an invitation, and what is used to follow it. */
export type Following = Pick<VisitOptions, "address" | "client">;

export interface ClaimsOptions {
  readonly account: AccountSession;
  readonly transport: Transport;
  readonly volumes: MountedVolumes;
  readonly sharing: Sharing;
  readonly ports: VisitPorts;
}

/** Taking up invitations, and letting those in who took one up. */
export class Claims {
  readonly #account: AccountSession;
  readonly #transport: Transport;
  readonly #api: ClaimsApi;
  readonly #links: LinksApi;
  readonly #volumes: MountedVolumes;
  readonly #sharing: Sharing;
  readonly #ports: VisitPorts;

  constructor({ account, transport, volumes, sharing, ports }: ClaimsOptions) {
    this.#account = account;
    this.#transport = transport;
    this.#api = new ClaimsApi(transport);
    this.#links = new LinksApi(transport);
    this.#volumes = volumes;
    this.#sharing = sharing;
    this.#ports = ports;
  }

  /**
   * Who invites to what, as the folder's own signed history says; changes nothing. Throws as `visitLink`, and
   * NotInvitationError.
   */
  async look({ address, client }: Following, options: Options = {}): Promise<FoundInvitation> {
    if (!isInvitationId(readLinkAddress(address).linkId)) throw new NotInvitationError();
    const visit = await visitLink(this.#ports, { address, client, ...options });
    const { invitation, role, label, expiresMs } = visit;
    await visit.close();
    if (invitation === undefined) throw new NotInvitationError();
    const { by, memberIds } = invitation;
    const isInside = memberIds.some((userId) => equalBytes(userId, this.#account.userId));
    return { by, role, label, expiresMs, isInside };
  }

  /**
   * Asks for the invitation's place in the folder. It gives no access by itself: a device of somebody who may change the
   * members does, when it is there next. The same again changes nothing. Throws as `look`, AlreadyInsideError,
   * InvitationElsewhereError, OwnIdentityError, ApiError link_claimed.
   */
  async take(following: Following, options: Options = {}): Promise<FoundInvitation> {
    const found = await this.look(following, options);
    if (found.isInside) throw new AlreadyInsideError();
    const link = readLinkAddress(following.address);
    const { userId, name } = this.#account;
    const { fingerprint } = await this.#account.member();
    const record = ownRecord(await this.#api.identities(userId, options), { userId, name, fingerprint });
    const material = await visitorMaterial(link, undefined);
    const knock = linkKnock(link);
    try {
      const { loginId, serverNonce } = await new DoorApi(this.#transport, link.linkId).knock(knock, options);
      const signature = signClaim(material, { record, serverNonce });
      await this.#api.claim(link.linkId, { knock, loginId, signature }, options);
    } catch (error) {
      // It was just there, at the server that its address names: this account is of another one.
      throw error instanceof LinkNotFoundError ? new InvitationElsewhereError({ cause: error }) : error;
    }
    return found;
  }

  /** What this person has taken up and waits for. The server's word. */
  async waiting(options: Options = {}): Promise<WaitingClaim[]> {
    return await this.#api.waiting(options);
  }

  /**
   * Lets everybody in who took up an invitation into a folder whose members this person may change, each in the invitation's
   * place, whose key opens nothing that is written from then on. Whoever the invitation's key has not named stays out, and is
   * told to `onProblem`.
   */
  async settle(
    options: Options & { readonly onProblem?: ((error: unknown) => void) | undefined } = {},
  ): Promise<Welcomed[]> {
    const { signal, onProblem } = options;
    const abortable = signal ? { signal } : {};
    const welcomed: Welcomed[] = [];
    for (const { claim, ...link } of await this.#links.list(abortable)) {
      if (claim === undefined || link.revokedMs !== null) continue;
      try {
        const one = await this.#welcome(link, claim, abortable);
        if (one !== undefined) welcomed.push(one);
      } catch (error) {
        signal?.throwIfAborted();
        onProblem?.(error);
      }
    }
    return welcomed;
  }

  /** undefined: its row is off the list, because somebody was quicker or withdrew it. */
  async #welcome(
    link: Pick<Link, "linkId" | "volumeId">,
    claim: Claim,
    options: Options,
  ): Promise<Welcomed | undefined> {
    const linkId = fromBase64Url(link.linkId);
    const volumeId = fromBase64Url(link.volumeId);
    const volume = await this.#volumes.volume(volumeId);
    await volume.catchUp(options);
    const row = volume.members().links.find((each) => equalBytes(each.linkId, linkId));
    if (row === undefined) return undefined;
    const received = toReceived(claim);
    const { userId, name } = provenClaimant(received, row);
    const guest = { linkId, role: row.role, name, userId, records: received.records };
    const inside = await this.#sharing.welcome(volume, guest, options);
    await this.#account.forgetLink(linkId, options.signal);
    return inside && { volumeId, name, role: row.role, inside };
  }
}

function toReceived({ linkIdentity, records, serverNonce, signature }: Claim): ReceivedClaim {
  return {
    ...{ linkIdentity: fromBase64Url(linkIdentity), records: records.map(fromBase64Url) },
    ...{ serverNonce: fromBase64Url(serverNonce), signature: fromBase64Url(signature) },
  };
}
