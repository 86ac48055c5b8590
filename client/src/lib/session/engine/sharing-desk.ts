import { fromBase64Url, toBase64Url } from "@excalibur/core/bytes";
import {
  type Act,
  type Actor,
  type ContactInfo,
  type Drive,
  type Files,
  type Item,
  NotFoundError,
  type Outdated,
  type Reencrypted,
  type ShareWish,
} from "@excalibur/sdk";
import type { AccountDesk } from "./account-desk.ts";
import { failureOf } from "./failure.ts";
import { toSdk } from "./folder-desk.ts";
import type { WaitingItem } from "./link-types.ts";
import type {
  AccessItem,
  ActItem,
  ActivityItem,
  ActorItem,
  ContactItem,
  EngineFailure,
  FarewellItems,
  InsideItems,
  InvitationItem,
  ItemRef,
  KeptOutItem,
  MemberItem,
  OriginItem,
  SharedItem,
} from "./types.ts";

export interface Offered {
  readonly invitations: readonly InvitationItem[];
  /** Invitations by an address that this person took up. */
  readonly waiting: readonly WaitingItem[];
  /** Of those that cannot be opened. */
  readonly failures: readonly EngineFailure[];
}

const ACTIVITY_SHOWN = 50;
/** One change may have brought a hundred thousand files. */
const ACTS_SHOWN = 8;

/** Folders and files shared with people, as the page sees them. */
export class SharingDesk {
  readonly #accounts: AccountDesk;
  #sealing: AbortController | undefined;

  constructor(accounts: AccountDesk) {
    this.#accounts = accounts;
  }

  async contacts(): Promise<ContactItem[]> {
    const { sharing } = await this.#drive();
    return sharing.contacts().map(presentContact);
  }

  /** Whose keys a name has now; nothing is remembered. Throws UnknownPersonError, ContactChangedError. */
  async lookUp(name: string): Promise<ContactItem> {
    const { sharing } = await this.#drive();
    return presentContact(await sharing.contact(name));
  }

  /** Somebody compared these digits with the person's own. Throws FingerprintMismatchError. */
  async verify(name: string, digits: string): Promise<void> {
    const { sharing } = await this.#drive();
    await sharing.verifyContact(name, digits);
    this.#accounts.tell({ type: "members" });
  }

  /** What this person gives to others. */
  async contactLink(): Promise<string> {
    const { sharing } = await this.#drive();
    return await sharing.contactLink();
  }

  /** Whom a contact link is of; nothing is remembered. Throws ContactLinkError, ContactLinkMismatchError. */
  async followContactLink(link: string): Promise<ContactItem> {
    const { sharing } = await this.#drive();
    return presentContact(await sharing.followContactLink(link));
  }

  /** Throws as `followContactLink`. */
  async addContact(link: string): Promise<void> {
    const { sharing } = await this.#drive();
    await sharing.addContact(link);
    this.#accounts.tell({ type: "members" });
  }

  /** Invites, or gives another role. Gives what became of shared folders inside. */
  async share(ref: ItemRef, wish: ShareWish): Promise<InsideItems> {
    const { files, sharing } = await this.#drive();
    const { inside } = await sharing.share(await findItem(files, ref), wish);
    this.#tellAll();
    return inside;
  }

  /** What taking these people off a folder, or everybody, does to shared folders inside it. */
  async inside(ref: ItemRef, names: readonly string[] | undefined): Promise<InsideItems> {
    const { files, sharing } = await this.#drive();
    return await sharing.inside(await findItem(files, ref), names);
  }

  /** Shared folders inside in which not everybody is who is around them; none of what is not shared. */
  async keptOut(ref: ItemRef): Promise<readonly KeptOutItem[]> {
    const { files, sharing } = await this.#drive();
    const item = await findItem(files, ref);
    return item.entry.mount === undefined ? [] : await sharing.keptOut(item);
  }

  /** What putting items into a folder does to who can open them; undefined: nothing. */
  async accessChange(
    refs: readonly ItemRef[],
    { folderId, how }: { readonly folderId: string; readonly how: "move" | "copy" },
  ): Promise<AccessItem | undefined> {
    const { sharing } = await this.#drive();
    return await sharing.accessChange({ items: refs.map(toSdk), folderId: fromBase64Url(folderId), how });
  }

  /** Who is in a folder; nobody, when it is not shared. */
  async members(ref: ItemRef): Promise<MemberItem[]> {
    const { files, sharing } = await this.#drive();
    const item = await findItem(files, ref);
    if (item.entry.mount === undefined) return [];
    return (await sharing.members(item)).map(
      ({ name, role, isSelf, addedMs, addedBy, fingerprint, verified, answer }) => ({
        ...{ name, role, isSelf, addedMs, addedBy, fingerprint, answer },
        isVerified: verified,
      }),
    );
  }

  /** The newest changes of a shared folder, newest first. */
  async activity(ref: ItemRef): Promise<ActivityItem[]> {
    const { files, sharing } = await this.#drive();
    const changes = await sharing.activity(await findItem(files, ref), { limit: ACTIVITY_SHOWN });
    return changes.map(({ by, acts, ...change }) => ({
      ...change,
      by: by && presentActor(by),
      acts: acts?.slice(0, ACTS_SHOWN).map(presentAct),
      more: Math.max(0, (acts?.length ?? 0) - ACTS_SHOWN),
    }));
  }

  /** undefined: it lies in no shared folder. */
  async origin(ref: ItemRef): Promise<OriginItem | undefined> {
    const { files, sharing } = await this.#drive();
    const origin = await sharing.origin(await findItem(files, ref));
    if (origin === undefined) return undefined;
    const { addedBy, changed } = origin;
    return {
      addedBy: addedBy && presentActor(addedBy),
      changedBy: changed?.by && presentActor(changed.by),
      changedMs: changed?.timeMs,
    };
  }

  async remove(ref: ItemRef, names: readonly string[]): Promise<void> {
    const { files, sharing } = await this.#drive();
    await sharing.remove(await findItem(files, ref), names);
    this.#tellAll();
  }

  /** Sends an invitation that has no answer once more. Throws AnsweredError. */
  async resend(ref: ItemRef, name: string): Promise<void> {
    const { files, sharing } = await this.#drive();
    await sharing.resend(await findItem(files, ref), name);
    this.#accounts.tell({ type: "members" });
  }

  /** It is an ordinary folder or file then, with another id. */
  async stop(ref: ItemRef): Promise<void> {
    const { files, sharing } = await this.#drive();
    await sharing.stop(await findItem(files, ref));
    this.#tellAll();
  }

  /** How much of it still has a key that somebody holds who was taken off it. */
  async outdated(ref: ItemRef): Promise<Outdated> {
    const { files, sharing } = await this.#drive();
    return await sharing.outdated(await findItem(files, ref));
  }

  /** Seals that anew; `onProgress` is told how far it is. Another one ends the one before. */
  async reencrypt(ref: ItemRef, onProgress: (done: number, total: number) => void): Promise<Reencrypted> {
    this.stopReencrypting();
    const sealing = new AbortController();
    this.#sealing = sealing;
    const { files, sharing } = await this.#drive();
    return await sharing.reencrypt(await findItem(files, ref), {
      signal: sealing.signal,
      onProgress: ({ done, total }) => onProgress(done, total),
    });
  }

  /** What is done stays done. */
  stopReencrypting(): void {
    this.#sealing?.abort();
    this.#sealing = undefined;
  }

  /** Makes somebody who has accepted the owner. */
  async handOver(ref: ItemRef, name: string): Promise<void> {
    const { files, sharing } = await this.#drive();
    await sharing.handOver(await findItem(files, ref), name);
    this.#tellAll();
  }

  async offered(): Promise<Offered> {
    const { sharing, claims } = await this.#drive();
    const failures: EngineFailure[] = [];
    const open = await sharing.invitations({ onProblem: (error) => failures.push(failureOf(error)) });
    const invitations = open.map(({ volumeId, label, isFile, owner: { verified, ...owner }, role, place }) => ({
      ...{ id: toBase64Url(volumeId), label, isFile, role, place },
      owner: { ...owner, isVerified: verified },
    }));
    const waiting = (await claims.waiting()).map(({ id, invitedBy, claimedMs }) => ({ id, invitedBy, claimedMs }));
    return { invitations, waiting, failures };
  }

  /** Without a name it opens where it stands. Throws NameTakenError, NoInvitationError. */
  async accept(id: string, name: string | undefined): Promise<void> {
    const { sharing } = await this.#drive();
    await sharing.accept(fromBase64Url(id), name === undefined ? {} : { name });
    this.#tellAll();
  }

  async decline(id: string): Promise<void> {
    const { sharing } = await this.#drive();
    await sharing.decline(fromBase64Url(id));
    this.#tellAll();
  }

  async leave(ref: ItemRef): Promise<void> {
    const { files, sharing } = await this.#drive();
    await sharing.leave(await findItem(files, ref));
    this.#tellAll();
  }

  /** Every shared folder of the drive, by name. */
  async folders(): Promise<SharedItem[]> {
    const { sharing } = await this.#drive();
    const found = await sharing.folders();
    const names = new Intl.Collator(undefined, { numeric: true, sensitivity: "base" });
    return found
      .map(
        ({ item, view, problem }): SharedItem => ({
          parentId: toBase64Url(item.parentId),
          id: toBase64Url(item.childId),
          name: item.name,
          isFile: item.type === "file",
          view: view && {
            ...{ role: view.role, others: view.others },
            owner: { name: view.owner.name, isVerified: view.owner.verified },
          },
          failure: view === undefined ? failureOf(problem) : undefined,
        }),
      )
      .sort((a, b) => names.compare(a.name, b.name));
  }

  /** What becomes of shared folders when the account is deleted. */
  async farewell(): Promise<FarewellItems> {
    const { sharing } = await this.#drive();
    const { lost, left, problems } = await sharing.farewell();
    return { lost, left, unknown: problems.length };
  }

  #tellAll(): void {
    this.#accounts.tell({ type: "members" });
    this.#accounts.tell({ type: "changed" });
  }

  async #drive(): Promise<Drive> {
    return await this.#accounts.account.drive();
  }
}

/**
 * The item as it is listed now. One that was shared since it was shown, or is not any more, has another id, but still its name.
 * Throws NotFoundError.
 */
export async function findItem(files: Files, { parentId, id, name }: ItemRef): Promise<Item> {
  const { items } = await files.list(fromBase64Url(parentId));
  const item = items.find(({ childId }) => toBase64Url(childId) === id) ?? items.find((each) => each.name === name);
  if (item === undefined) throw new NotFoundError();
  return item;
}

function presentActor({ name, isSelf, verified }: Actor): ActorItem {
  return { name, isSelf, isVerified: verified };
}

function presentAct(act: Act): ActItem {
  const from = act.act === "renamed" ? act.from : undefined;
  return { act: act.act, name: act.name, from, role: act.item === "person" ? act.role : undefined };
}

function presentContact({ name, fingerprint, verified, changed }: ContactInfo): ContactItem {
  return { name, fingerprint, isVerified: verified, hasChanged: changed };
}
