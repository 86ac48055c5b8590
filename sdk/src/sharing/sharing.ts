import { equalBytes } from "@excalibur/core/bytes";
import { type AccountSession, userNameOf } from "../account/index.ts";
import { type Files, type Follower, findContents, type Item } from "../files/index.ts";
import type { MountedVolumes } from "../mounts/index.ts";
import type { Signer, Volume } from "../volumes/index.ts";
import { type Putting, reckonAccessChange } from "./access-change.ts";
import { readActivity, readOrigin } from "./activity.ts";
import { type ListedVolume, SharingApi } from "./api.ts";
import { CarriedInPartError, NoInvitationError, NotShareableError, NotSharedError } from "./errors.ts";
import { reckonFarewell } from "./farewell.ts";
import { takingFollowerAlong } from "./follower-along.ts";
import {
  type CarryContext,
  endSharing,
  findKeptOut,
  type InsideChanges,
  letGuestIn,
  letIn,
  outermost,
  previewTakingOff,
  putBackAdrift,
  takeOff,
} from "./inside/index.ts";
import { type Accepted, type AcceptOptions, type LookedAt, lookAt, mountAccepted } from "./invitations.ts";
import { leaveShared } from "./leaving.ts";
import { requireManager, requireUnanswered, withMember, withOwner } from "./member-changes.ts";
import { readMembers } from "./member-infos.ts";
import { People } from "./people.ts";
import { findOutdated, reencrypt } from "./reencryption.ts";
import { requireToShare } from "./require-to-share.ts";
import { shareFile } from "./share-file.ts";
import { shareFolder } from "./share-folder.ts";
import { sharedFolders } from "./shared-folders.ts";
import { forgetShared } from "./stop-sharing.ts";
import type {
  AccessChange,
  Activity,
  ContactInfo,
  Farewell,
  InvitationInfo,
  ItemOrigin,
  KeptOut,
  MemberInfo,
  Outdated,
  Reencrypted,
  ReencryptOptions,
  Shared,
  SharedFolder,
  ShareWish,
  SharingOptions,
} from "./types.ts";
import type { Guest } from "./welcome.ts";

type Options = { readonly signal?: AbortSignal };

/** Sharing folders with people: who is in them, invitations, and whose keys are whose. */
export class Sharing {
  readonly #account: AccountSession;
  readonly #api: SharingApi;
  readonly #volumes: MountedVolumes;
  readonly #files: Files;
  readonly #people: People;
  readonly #follower: Follower;
  readonly #nowMs: () => number;

  constructor({ account, transport, volumes, files, follower, nowMs }: SharingOptions) {
    this.#account = account;
    this.#api = new SharingApi(transport);
    this.#volumes = volumes;
    this.#files = files;
    this.#people = new People(account, this.#api);
    this.#follower = follower;
    this.#nowMs = nowMs;
  }

  /** Everybody whose keys are pinned. */
  contacts(): ContactInfo[] {
    return this.#people.list();
  }

  /** The keys that the server has for a name now, held against what is pinned; pins nothing. Throws UnknownPersonError, ContactChangedError. */
  async contact(name: string, options: Options = {}): Promise<ContactInfo> {
    return (await this.#people.lookUp(name, options)).contact;
  }

  /** Says that these are the digits the person read out. Throws FingerprintMismatchError; then nothing is pinned. */
  async verifyContact(name: string, digits: string, options: Options = {}): Promise<ContactInfo> {
    return await this.#people.verify(name, digits, options);
  }

  /** A link that carries this person's fingerprint: whoever is given it need not compare digits. */
  async contactLink(): Promise<string> {
    return await this.#people.ownLink();
  }

  /** Whom a contact link is of, if the server agrees with it; pins nothing. Throws ContactLinkError, ContactLinkMismatchError, UnknownPersonError, ContactChangedError. */
  async followContactLink(link: string, options: Options = {}): Promise<ContactInfo> {
    return (await this.#people.followLink(link, options)).contact;
  }

  /** As `followContactLink`, and remembers the person, as verified if the link names the very keys. */
  async addContact(link: string, options: Options = {}): Promise<ContactInfo> {
    return await this.#people.meetByLink(link, options);
  }

  /**
   * Invites somebody to a folder or a file, or gives them another role in it. What is not shared yet becomes a volume of its
   * own; contents stay where they are, and earlier versions stay behind unless told. Throws NotShareableError, UnknownPersonError, ContactChangedError, RoleError.
   */
  async share(
    item: Item | null,
    { person: name, role, withVersions }: ShareWish,
    options: Options = {},
  ): Promise<Shared> {
    if (userNameOf(name) === this.#account.name) throw new NotShareableError("oneself");
    const isNew = (await requireToShare(this.#places, item, withVersions)).entry.mount === undefined;
    const { identity, contact } = await this.#people.meet(name, options);
    let inside: InsideChanges = { changed: [], unchanged: [] };
    const invite = async (volume: Volume, madeOf?: Volume) => {
      inside = await letIn(this.#context, { volume, madeOf }, { identity, role, nowMs: this.#nowMs() }, options);
    };
    try {
      await this.open(item, invite, { withVersions, ...options });
    } catch (cause) {
      // The folder around those that are done is not there yet.
      throw inside.changed.length === 0 ? cause : new CarriedInPartError(inside.changed, { cause });
    }
    return { person: contact, role, isNew, inside };
  }

  /**
   * Sends an invitation that has no answer once more, with a new envelope. Throws NotSharedError, AnsweredError, RoleError,
   * ContactChangedError.
   */
  async resend(item: Item, person: string, options: Options = {}): Promise<ContactInfo> {
    const volume = await this.#volumeOf(item);
    await volume.catchUp(options);
    requireManager(volume.members());
    const name: string = userNameOf(person);
    const answers = await this.#api.answers(volume.volumeId, options);
    const row = requireUnanswered(volume.members(), { answers, name });
    const { identity, contact } = await this.#people.meet(name, options);
    const again = withMember({ identity, role: row.role }, { answers, nowMs: this.#nowMs(), isAgain: true });
    await volume.changeMembers(again, options);
    await this.#keepKnown(volume, options);
    return contact;
  }

  /**
   * Puts somebody in the place of the invitation that they took up, and remembers their keys, which nobody has compared yet.
   * Gives what it did to shared folders inside. undefined: it was withdrawn meanwhile. Throws ContactChangedError, RoleError.
   */
  async welcome(volume: Volume, guest: Guest, options: Options = {}): Promise<InsideChanges | undefined> {
    const { identity } = await this.#people.meetKnown(guest, options);
    const inside = await letGuestIn(this.#context, volume, { ...guest, identity, nowMs: this.#nowMs() }, options);
    await this.#keep(volume, options);
    return volume.members().rows.some(({ userId }) => equalBytes(userId, guest.userId)) ? inside : undefined;
  }

  /**
   * Changes who is in a folder in another way; one that is not shared yet becomes a volume of its own first, for which
   * `invite` may be asked more than once. Throws NotShareableError, RoleError.
   */
  async open(
    item: Item | null,
    invite: (volume: Volume, madeOf?: Volume) => Promise<void>,
    { withVersions, ...options }: Options & Pick<ShareWish, "withVersions"> = {},
  ): Promise<Volume> {
    const folder = await requireToShare(this.#places, item, withVersions);
    if (folder.entry.mount === undefined) {
      const how = { invite, nowMs: this.#nowMs, withVersions, ...options };
      const share = folder.type === "file" ? shareFile : shareFolder;
      return await takingFollowerAlong(this.#context, folder, () => share(this.#context, folder, how), options);
    }
    const volume = await this.#volumeOf(folder);
    await invite(volume);
    await this.#keepKnown(volume, options);
    return volume;
  }

  /** Every shared folder of this person's drive; one that cannot be opened says why, and one that nothing leads to comes into the root. */
  async folders(options: Options = {}): Promise<readonly SharedFolder[]> {
    const { userId, volumeIds: accepted } = this.#account;
    const context = { volumes: this.#volumes, files: this.#files, people: this.#people, userId, accepted };
    const found = await sharedFolders(context, options);
    const isPutBack = await putBackAdrift({ ...context, nowMs: this.#nowMs() }, options);
    const { folders, ended } = isPutBack ? await sharedFolders(context, options) : found;
    // An end that was broken off after it had taken effect: nothing of the volume is left but what the keyring says.
    for (const volumeId of ended)
      await forgetShared({ account: this.#account, volumes: this.#volumes }, volumeId, options.signal);
    return folders;
  }

  /** What becomes of shared folders, and for whom, when this account is deleted. */
  async farewell(options: Options = {}): Promise<Farewell> {
    const [listed, folders] = [await this.#api.volumes(options), await this.folders(options)];
    return await reckonFarewell({ volumes: this.#volumes, listed, folders });
  }

  /**
   * Who is in a shared folder, since when and by whom, and who has answered. `wrote` walks the history for what each of them
   * signed last. Throws NotSharedError.
   */
  async members(item: Item, options: Options & { readonly wrote?: boolean } = {}): Promise<MemberInfo[]> {
    return await readMembers(this.#context, await this.#volumeOf(item), { people: this.#people, ...options });
  }

  /** What was changed in the volume that something lies in, newest first: by whom and when, as they signed it. null: the drive. */
  async activity(item: Item | null, options: Options & { readonly limit?: number } = {}): Promise<Activity[]> {
    const { signal, limit = 50 } = options;
    const volume = item === null ? this.#volumes.home : await this.#volumeAround(item);
    await volume.catchUp(signal ? { signal } : {});
    const recognize = (signer: Signer) => this.#people.actor(signer);
    return await readActivity(volume, { limit, recognize, ...(signal && { signal }) });
  }

  /** Who added something that lies in a shared folder, and who changed it last; undefined for what lies elsewhere. */
  async origin(item: Item, options: Options = {}): Promise<ItemOrigin | undefined> {
    const { volume, ref } = await findContents(this.#volumes, item);
    if (volume === this.#volumes.home) return undefined;
    const { parentId: folderId, childId } = ref;
    return await readOrigin(
      volume,
      { ...item, childId },
      { folderId, recognize: (signer) => this.#people.actor(signer), ...options },
    );
  }

  /** What putting things into another folder does to who can open and change them; undefined: nothing. Changes nothing. Throws ReadOnlyError. */
  async accessChange(putting: Putting): Promise<AccessChange | undefined> {
    return await reckonAccessChange(this.#volumes, putting);
  }

  /**
   * Takes people off a shared folder, and changes its key: what is written from then on they cannot read. What they have
   * read they may still have. Throws NotSharedError, RoleError, NotShareableError, CarriedInPartError.
   */
  async remove(item: Item, names: readonly string[], options: Options = {}): Promise<InsideChanges> {
    const volume = await this.#volumeOf(item);
    const inside = await takeOff(this.#context, volume, new Set<string>(names.map(userNameOf)), options);
    await this.#keepKnown(volume, options);
    return inside;
  }

  /**
   * What taking these people off a shared folder, or everybody, does to the shared folders inside it, and which of them stay as they
   * are. Changes nothing. Throws NotSharedError.
   */
  async inside(item: Item, names?: readonly string[], options: Options = {}): Promise<InsideChanges> {
    const wanted = { names: names && new Set<string>(names.map(userNameOf)), ...options };
    return await previewTakingOff(this.#context, await this.#volumeOf(item), wanted);
  }

  /** The shared folders inside a shared one in which not everybody is who is around them. Changes nothing. Throws NotSharedError. */
  async keptOut(item: Item, options: Options = {}): Promise<KeptOut[]> {
    return await findKeptOut(this.#context, await this.#volumeOf(item), options);
  }

  /**
   * Takes everybody and every link off a folder of this person's, and makes it an ordinary folder again of what is around it, with
   * everything that is in it as it is. Throws NotSharedError, RoleError, CarriedInPartError, and what `stopSharing` does.
   */
  async stop(item: Item, options: Options = {}): Promise<InsideChanges> {
    const what = { item, volume: await this.#volumeOf(item) };
    return await takingFollowerAlong(this.#context, item, () => endSharing(this.#context, what, options), options);
  }

  /** How much of a shared folder is still sealed with an earlier key. Throws NotSharedError. */
  async outdated(item: Item, options: Options = {}): Promise<Outdated> {
    const volume = await this.#volumeOf(item);
    await volume.catchUp(options);
    return await findOutdated(volume, options);
  }

  /** Seals all of that anew with the key of now; broken off, it has done a part of it. Throws NotSharedError, ReadOnlyError. */
  async reencrypt(item: Item, options: ReencryptOptions = {}): Promise<Reencrypted> {
    return await reencrypt(await this.#volumeOf(item), options);
  }

  /**
   * Makes somebody who is in a shared folder, and has accepted it, its owner: it counts for their space from then on. This
   * person becomes a manager. Throws NotSharedError, NotAcceptedError, RoleError, ContactChangedError.
   */
  async handOver(item: Item, person: string, options: Options = {}): Promise<void> {
    const volume = await this.#volumeOf(item);
    await volume.catchUp(options);
    const name: string = userNameOf(person);
    const row = volume.members().rows.find((each) => each.name === name);
    if (row === undefined) throw new NotSharedError();
    this.#people.recognize(row);
    const answers = await this.#api.answers(volume.volumeId, options);
    await volume.changeMembers(withOwner(row.userId, { answers, name }), options);
    await this.#keepKnown(volume, options);
  }

  /** Folders that others share with this person and that wait for an answer. Those that cannot be opened are told to `onProblem`. */
  async invitations(
    options: Options & { readonly onProblem?: (error: unknown) => void } = {},
  ): Promise<InvitationInfo[]> {
    const invitations: InvitationInfo[] = [];
    for (const { volumeId } of await this.#offered(options)) {
      try {
        const invitation = await this.#look(volumeId);
        if (invitation !== undefined && !invitation.inside?.isLedInto) invitations.push(invitation);
      } catch (error) {
        options.signal?.throwIfAborted();
        options.onProblem?.(error);
      }
    }
    return await outermost(this.#volumes, invitations, options);
  }

  /**
   * Mounts what somebody shares under a name of this person's choosing; without one, what stands inside another shared folder of
   * theirs opens there. Throws NoInvitationError, NameTakenError, ContactChangedError.
   */
  async accept(volumeId: Uint8Array, options: AcceptOptions = {}): Promise<Accepted> {
    const { signal } = options;
    const abortable = signal ? { signal } : {};
    await this.#requireInvitation(volumeId, abortable);
    const invitation = await this.#look(volumeId);
    if (invitation === undefined) throw new NoInvitationError();
    const volume = await this.#volumes.volume(volumeId);
    await this.#people.pinMember(volume.members().owner, abortable);
    const author = { addedBy: this.#account.userId, nowMs: this.#nowMs() };
    const context = { volumes: this.#volumes, files: this.#files, author };
    const isInPlace = options.name === undefined && options.folderId === undefined;
    const { inside } = invitation;
    const accepted =
      isInPlace && inside ? inside : await mountAccepted(context, { volume, called: invitation }, options);
    await this.#keep(volume, abortable);
    await this.#api.accept(volumeId, abortable);
    return accepted;
  }

  /** Says no: the invitation is gone, and with it every access. Throws NoInvitationError. */
  async decline(volumeId: Uint8Array, options: Options = {}): Promise<void> {
    await this.#requireInvitation(volumeId, options);
    await this.#api.leave(volumeId, options);
    await this.#forget(volumeId, options);
  }

  /** Leaves a folder that somebody else shares: it is gone from this drive, and stays where it is. Throws NotSharedError, OwnerLeavesError. */
  async leave(item: Item, options: Options = {}): Promise<void> {
    await leaveShared(this.#context, item, options);
  }

  async #volumeAround(item: Item): Promise<Volume> {
    return (await this.#volumes.place(item.type === "folder" || item.entry.mount ? item.childId : item.parentId))
      .volume;
  }

  async #volumeOf(item: Item): Promise<Volume> {
    if (item.entry.mount === undefined) throw new NotSharedError();
    return (await this.#volumes.place(item.childId)).volume;
  }

  async #requireInvitation(volumeId: Uint8Array, options: Options): Promise<void> {
    const offered = await this.#offered(options);
    if (!offered.some((each) => equalBytes(each.volumeId, volumeId))) throw new NoInvitationError();
  }

  /** What the server says has no answer yet. */
  async #offered(options: Options): Promise<ListedVolume[]> {
    return (await this.#api.volumes(options)).filter(({ accepted, pending }) => !(accepted || pending));
  }

  async #look(volumeId: Uint8Array): Promise<LookedAt | undefined> {
    return await lookAt({ volumes: this.#volumes, files: this.#files, people: this.#people }, volumeId);
  }

  async #keep({ volumeId, keys, head }: Volume, { signal }: Options): Promise<void> {
    await this.#account.keepVolume({ volumeId, keys, head }, signal);
  }

  /** Of what opens without having been accepted the keyring keeps nothing. */
  async #keepKnown(volume: Volume, options: Options): Promise<void> {
    if (this.#account.volumeIds.some((id) => equalBytes(id, volume.volumeId))) await this.#keep(volume, options);
  }

  get #places(): { readonly volumes: MountedVolumes; readonly files: Files } {
    return { volumes: this.#volumes, files: this.#files };
  }

  get #context(): CarryContext {
    return { account: this.#account, api: this.#api, volumes: this.#volumes, follower: this.#follower };
  }

  async #forget(volumeId: Uint8Array, { signal }: Options): Promise<void> {
    await this.#volumes.forget(volumeId);
    await this.#account.forgetVolume(volumeId, signal);
  }
}
