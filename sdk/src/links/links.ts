import { equalBytes, fromBase64Url } from "@excalibur/core/bytes";
import type { Link, LinkId, LinkRules } from "@excalibur/core/protocol";
import type { AccountSession } from "../account/index.ts";
import type { Item } from "../files/index.ts";
import type { MountedVolumes } from "../mounts/index.ts";
import { NotShareableError, type Sharing } from "../sharing/index.ts";
import type { Transport } from "../transport/index.ts";
import type { MembersChange, Volume } from "../volumes/index.ts";
import { idOf, LinksApi } from "./api.ts";
import {
  formatLinkAddress,
  isInvitationId,
  knockHashOf,
  LINK_ROLES,
  type LinkMaterial,
  newInvitationMaterial,
  newLinkMaterial,
  sealRecordFor,
} from "./crypto.ts";
import { OthersLinkError, UnknownLinkError } from "./errors.ts";
import { findNotReached } from "./not-reached.ts";
import type { LinkChange, LinkInfo, LinkLogEntry, LinkState, MadeLink, NewInvitation, NewLink } from "./types.ts";

type Options = { readonly signal?: AbortSignal };

export interface LinksOptions {
  readonly account: AccountSession;
  readonly transport: Transport;
  readonly volumes: MountedVolumes;
  readonly sharing: Sharing;
  readonly nowMs: () => number;
}

/** Links of this person, and of others into folders whose members this person decides on. */
export class Links {
  readonly #account: AccountSession;
  readonly #api: LinksApi;
  readonly #volumes: MountedVolumes;
  readonly #sharing: Sharing;
  readonly #nowMs: () => number;

  constructor({ account, transport, volumes, sharing, nowMs }: LinksOptions) {
    this.#account = account;
    this.#api = new LinksApi(transport);
    this.#volumes = volumes;
    this.#sharing = sharing;
    this.#nowMs = nowMs;
  }

  /**
   * Makes a link to a folder or a file; what is not shared yet becomes a volume of its own, its contents stay where they are.
   * Throws NotShareableError, RoleError; then there is no link.
   */
  async create(item: Item | null, wish: NewLink = {}, options: Options = {}): Promise<MadeLink> {
    if (item?.type === "file" && wish.role === "editor") throw new NotShareableError("upload");
    // Before there is a link: whatever keeps it from being told keeps the link from being made.
    const notReached = item === null ? [] : await this.notReached(item, options);
    const link = await this.#make(item, wish, { material: () => newLinkMaterial(wish.password), ...options });
    return { ...link, notReached };
  }

  /** What a link to an item would not lead to, because it is shared by itself inside it: paths below the item. Changes nothing. */
  async notReached(item: Item, options: Options = {}): Promise<string[]> {
    return await findNotReached(this.#volumes, item, options);
  }

  /**
   * Invites somebody without an account: whoever opens its address may look, and become a member in its place once they have
   * one (`Claims`). It is a link otherwise, and revoking it withdraws it. Throws as `create`.
   */
  async invite(item: Item | null, wish: NewInvitation = {}, options: Options = {}): Promise<LinkInfo> {
    return await this.#make(item, wish, { material: newInvitationMaterial, ...options });
  }

  async #make(
    item: Item | null,
    wish: NewLink,
    { material, ...options }: Options & { readonly material: () => Promise<LinkMaterial> },
  ): Promise<LinkInfo> {
    const add = async (volume: Volume) => this.#add(volume, await material(), { wish, ...options });
    const begun: Uint8Array[] = [];
    try {
      await this.#sharing.open(item, async (volume) => void begun.push(await add(volume)), {
        ...options,
        withVersions: wish.withVersions,
      });
    } catch (error) {
      await this.#forget(begun, options);
      throw error;
    }
    // What came before the last belongs to volumes that were given up.
    const linkId = begun.pop() as Uint8Array;
    await this.#forget(begun, options);
    return await this.#find(idOf(linkId), options);
  }

  /** Into one volume, or into every one whose members this person may change; those that were taken back only if told. */
  async list(
    options: Options & { readonly volumeId?: Uint8Array | undefined; readonly revoked?: boolean } = {},
  ): Promise<LinkInfo[]> {
    const { volumeId, revoked = false, signal } = options;
    const links = (await this.#api.list({ signal })).map((link) => this.#present(link));
    return links.filter(
      (link) =>
        (volumeId === undefined || equalBytes(link.volumeId, volumeId)) && (revoked || link.state !== "revoked"),
    );
  }

  /** Throws UnknownLinkError. */
  async show(id: LinkId, options: Options = {}): Promise<LinkInfo> {
    return await this.#find(id, options);
  }

  /** Throws UnknownLinkError, OthersLinkError for the label of somebody else's, ApiError link_revoked. */
  async change(id: LinkId, change: LinkChange, options: Options = {}): Promise<LinkInfo> {
    const { label, expiresMs, maxDownloads, paused } = change;
    const link = await this.#row(id, options);
    if (label !== undefined) await this.#rename(id, label, options);
    const rules: LinkRules = {
      viewOnly: link.rules.viewOnly,
      expiresMs: expiresMs === undefined ? link.rules.expiresMs : expiresMs,
      maxDownloads: maxDownloads === undefined ? link.rules.maxDownloads : maxDownloads,
      paused: paused ?? link.rules.paused,
    };
    if ([expiresMs, maxDownloads, paused].some((each) => each !== undefined))
      await this.#api.change(id, rules, options);
    return this.#present({ ...link, rules });
  }

  /**
   * Takes a link back: it is off the member list, and the folder has a new key. What is written from then on nobody can
   * read by it; what its visitors have seen they may still have. Throws UnknownLinkError, RoleError.
   */
  async revoke(id: LinkId, options: Options = {}): Promise<void> {
    const linkId = fromBase64Url(id);
    const volume = await this.#volumes.volume(fromBase64Url((await this.#row(id, options)).volumeId));
    await volume.catchUp(options);
    await volume.changeMembers(withoutLink(linkId), options);
    await this.#account.keepVolume({ volumeId: volume.volumeId, keys: volume.keys, head: volume.head }, options.signal);
    await this.#account.forgetLink(linkId, options.signal);
  }

  /** Newest first. Throws UnknownLinkError. */
  async log(id: LinkId, options: Options = {}): Promise<LinkLogEntry[]> {
    return await this.#api.log(id, options);
  }

  /** Prepares a link into a volume and puts it on the member list: from then on it works. Answers its id. */
  async #add(
    volume: Volume,
    material: LinkMaterial,
    { wish, ...options }: Options & { readonly wish: NewLink },
  ): Promise<Uint8Array> {
    const { label = "", password, role = "viewer", expiresMs = null, maxDownloads = null, viewOnly = false } = wish;
    const { linkId, secret, identity } = material;
    const { volumeId } = volume;
    const createdMs = this.#nowMs();
    const kept = { linkId, secret, volumeId, label, createdMs, role: LINK_ROLES[role] };
    // First where it can be found again: a link that works and whose address is lost could only be taken back.
    await this.#account.keepLink(kept, options.signal);
    try {
      const record = await sealRecordFor(material, volume, role);
      const rules = { expiresMs, maxDownloads, viewOnly, paused: false };
      const prepared = { linkId, volumeId, role, record, rules, identity: identity.bytes };
      const secrets = { knockHash: knockHashOf(material), hasPassword: password !== undefined };
      await this.#api.create({ ...prepared, ...secrets }, options);
      const row = { linkId, fingerprint: identity.fingerprint, role, addedMs: createdMs };
      await volume.changeMembers(
        ({ rows, links }) => ({ rows, identities: [], links: [...links, row], linkKeys: [identity] }),
        options,
      );
    } catch (error) {
      await this.#forget([linkId], options);
      throw error;
    }
    return linkId;
  }

  /** Of links that did not come to be. What stays in the keyring then opens nothing, and stands in no list. */
  async #forget(linkIds: readonly Uint8Array[], { signal }: Options): Promise<void> {
    for (const linkId of linkIds) await Promise.allSettled([this.#account.forgetLink(linkId, signal)]);
  }

  async #rename(id: LinkId, label: string, { signal }: Options): Promise<void> {
    const kept = this.#kept(id);
    if (kept === undefined) throw new OthersLinkError();
    await this.#account.keepLink({ ...kept, label }, signal);
  }

  async #row(id: LinkId, options: Options): Promise<Link> {
    const link = (await this.#api.list(options)).find(({ linkId }) => linkId === id);
    if (link === undefined) throw new UnknownLinkError();
    return link;
  }

  async #find(id: LinkId, options: Options): Promise<LinkInfo> {
    return this.#present(await this.#row(id, options));
  }

  #kept(id: LinkId) {
    return this.#account.links.find(({ linkId }) => idOf(linkId) === id);
  }

  #present(link: Link): LinkInfo {
    const { linkId: id, role, hasPassword, createdMs, rules, downloads, lastOpenedMs } = link;
    const kept = this.#kept(id);
    const { server } = this.#account;
    return {
      ...{ id, role, hasPassword, createdMs, downloads, viewOnly: rules.viewOnly },
      volumeId: fromBase64Url(link.volumeId),
      address: kept && formatLinkAddress({ server, linkId: kept.linkId, secret: kept.secret }),
      label: kept?.label,
      state: this.#stateOf(link),
      expiresMs: rules.expiresMs ?? undefined,
      maxDownloads: rules.maxDownloads ?? undefined,
      lastOpenedMs: lastOpenedMs ?? undefined,
      isInvitation: isInvitationId(fromBase64Url(id)),
      isClaimed: link.claim !== undefined,
    };
  }

  #stateOf({ revokedMs, rules, downloads }: Link): LinkState {
    if (revokedMs !== null) return "revoked";
    if (rules.expiresMs !== null && rules.expiresMs <= this.#nowMs()) return "expired";
    if (rules.paused) return "paused";
    return rules.maxDownloads !== null && downloads >= rules.maxDownloads ? "used-up" : "open";
  }
}

function withoutLink(linkId: Uint8Array): MembersChange {
  return ({ rows, links }) => {
    const staying = links.filter((link) => !equalBytes(link.linkId, linkId));
    // Somebody was quicker.
    if (staying.length === links.length) return undefined;
    return { rows, identities: [], links: staying };
  };
}
