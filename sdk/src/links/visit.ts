/** Visiting a link without an account: docs/spec/links.md §5. Nothing of it outlives the program. */

import { Downloader } from "../download/index.ts";
import { Files } from "../files/index.ts";
import { MemoryCache } from "../memory-cache/index.ts";
import { MountedVolumes } from "../mounts/index.ts";
import type { Ports } from "../ports/index.ts";
import { type SealedNotes, Uploader } from "../upload/index.ts";
import { openVolume, type Volume } from "../volumes/index.ts";
import {
  addressText,
  createSessionKey,
  DoorApi,
  HttpTransport,
  idOf,
  type OpenedDoor,
  parseServerAddress,
  type SessionSigner,
  seedSigner,
} from "./api.ts";
import {
  fingerprintDigits,
  isInvitationId,
  type LinkMaterial,
  linkKnock,
  openRecord,
  type PinnedVolume,
  proveSession,
  readLinkAddress,
  requirePinned,
  visitorMaterial,
  visitorMember,
} from "./crypto.ts";
import { LinkIntegrityError, LinkPasswordNeededError, NotInLinkError } from "./errors.ts";
import type { Visit, VisitedInvitation, VisitOptions } from "./types.ts";

export type VisitPorts = Pick<Ports, "http" | "sealer" | "clock" | "logger">;

const DEVICE_NAME = "visitor";

/**
 * Opens what a link leads to. Throws before anything is sent: LinkAddressError, UnsupportedError for an address that is none.
 * Then LinkNotFoundError, LinkPasswordNeededError, LinkIntegrityError, LinkRecordError, and ApiError link_expired, link_used_up,
 * link_paused, link_revoked, link_password_wrong, too_many_attempts.
 */
export async function visitLink(ports: VisitPorts, options: VisitOptions): Promise<Visit> {
  const { linkId, secret, server } = readLinkAddress(options.address);
  const address = parseServerAddress(server);
  const transport = new HttpTransport({ ...ports, address });
  const door = new Door({ transport, link: { linkId, secret }, options });
  const { signer, opened, material } = await door.enter(options.signal);
  const pinned = await openRecord(material, opened.record);
  // A session that ended is begun anew as long as the link lets anybody in; otherwise it says why not.
  const inside = transport.withSession(signer, { onSessionEnded: async () => (await door.enter()).signer });
  const volume = await openPinned(inside, ports, { material, pinned, signal: options.signal });
  const role = requirePinned(volume, material, pinned);
  const invitation = invitationOf(volume, linkId);
  const { attributes } = await volume.readFolder(volume.volumeId, options.signal ? { signal: options.signal } : {});
  return {
    ...{ id: idOf(linkId), server: addressText(address), role, label: attributes?.label, invitation },
    isFile: attributes?.singleFile === true,
    ...{ viewOnly: opened.viewOnly, expiresMs: opened.expiresMs ?? undefined },
    ...roomsOf(volume, { ports, transport: inside, linkId, mayWrite: role === "editor" }),
    catchUp: async (catching = {}) => void (await volume.catchUp(catching)),
    close: () => volume.close(),
  };
}

/** By whom, if it is an invitation, as they signed it. Throws LinkIntegrityError for a hand that nobody can tell. */
function invitationOf(volume: Volume, linkId: Uint8Array): VisitedInvitation | undefined {
  if (!isInvitationId(linkId)) return undefined;
  const adder = volume.history().adder(linkId);
  if (adder === undefined) throw new LinkIntegrityError();
  const { name, fingerprint } = adder;
  return {
    by: { name, fingerprint: fingerprintDigits(fingerprint) },
    memberIds: volume.members().rows.map(({ userId }) => userId),
  };
}

interface DoorOptions {
  readonly transport: HttpTransport;
  readonly link: { readonly linkId: Uint8Array; readonly secret: Uint8Array };
  readonly options: Pick<VisitOptions, "password" | "client">;
}

interface Entered {
  readonly signer: SessionSigner;
  readonly opened: OpenedDoor;
  readonly material: LinkMaterial;
}

class Door {
  readonly #options: DoorOptions;
  readonly #api: DoorApi;
  /** Making keys of a password takes a while, and they stay the same. */
  #material: Promise<LinkMaterial> | undefined;

  constructor(options: DoorOptions) {
    this.#options = options;
    this.#api = new DoorApi(options.transport, options.link.linkId);
  }

  async enter(signal?: AbortSignal): Promise<Entered> {
    const { transport, link, options } = this.#options;
    const { client, password } = options;
    const knock = linkKnock(link);
    const { loginId, serverNonce, needsPassword } = await this.#api.knock(knock, { signal });
    if (needsPassword && password === undefined) throw new LinkPasswordNeededError();
    this.#material ??= visitorMaterial(link, needsPassword ? password : undefined);
    const material = await this.#material;
    const { seed, publicKey } = createSessionKey();
    const { origin } = transport;
    const bound = { origin, publicKey, deviceName: DEVICE_NAME };
    const proof = proveSession(material, { loginId, serverNonce, ...bound });
    const opened = await this.#api.open({ knock, loginId }, { ...bound, client, proof }, { signal });
    return { signer: seedSigner(opened.sessionId, seed), opened, material };
  }
}

function openPinned(
  transport: HttpTransport,
  { logger }: VisitPorts,
  {
    material,
    pinned,
    signal,
  }: {
    readonly material: LinkMaterial;
    readonly pinned: PinnedVolume;
    readonly signal: AbortSignal | undefined;
  },
): Promise<Volume> {
  return openVolume({
    ...{ volumeId: pinned.volumeId, transport, logger, cache: new MemoryCache(), isMounted: true },
    member: visitorMember(material, pinned),
    serverNowMs: () => transport.nowMs(),
    ...(signal && { signal }),
  });
}

interface RoomOptions {
  readonly ports: VisitPorts;
  readonly transport: HttpTransport;
  readonly linkId: Uint8Array;
  readonly mayWrite: boolean;
}

function roomsOf(
  volume: Volume,
  { ports, transport, linkId, mayWrite }: RoomOptions,
): Pick<Visit, "files" | "downloads" | "uploads"> {
  const { sealer, clock, logger } = ports;
  const notes = new Notes();
  const volumes = new MountedVolumes({
    home: volume,
    // decision 0074: what is shared within it is shared with others than this link.
    open: async () => {
      throw new NotInLinkError();
    },
    accepted: () => [],
    onProblem: (error) => logger.debug("a folder of a link did not open", { error: (error as Error).name }),
  });
  const nowMs = () => transport.nowMs();
  const files = new Files({ volumes, subjectId: linkId, nowMs, deviceNowMs: () => clock.nowMs(), notes });
  const downloads = new Downloader({ transport, sealer, clock, logger, notes });
  const uploads = mayWrite ? new Uploader({ transport, files, sealer, notes, logger, reader: downloads }) : undefined;
  return { files, downloads, uploads };
}

/** What would spare work after a restart is forgotten with the program. */
class Notes implements SealedNotes {
  readonly #notes = new Map<string, Uint8Array>();

  async get(name: string): Promise<Uint8Array | undefined> {
    return this.#notes.get(name);
  }

  async put(name: string, note: Uint8Array): Promise<void> {
    this.#notes.set(name, note);
  }

  async delete(names: readonly string[]): Promise<void> {
    for (const name of names) this.#notes.delete(name);
  }
}
