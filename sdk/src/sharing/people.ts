import { equalBytes } from "@excalibur/core/bytes";
import type { UserName } from "@excalibur/core/protocol";
import { type AccountSession, userNameOf } from "../account/index.ts";
import type { Signer, VolumeMemberRow } from "../volumes/index.ts";
import type { FoundPerson, SharingApi } from "./api.ts";
import {
  fingerprintDigits,
  formatContactAddress,
  provePerson,
  readContactLink,
  type VerifiedIdentity,
} from "./crypto.ts";
import {
  ContactChangedError,
  ContactLinkError,
  ContactLinkMismatchError,
  FingerprintFormatError,
  FingerprintMismatchError,
  UnknownPersonError,
} from "./errors.ts";
import type { Actor, ContactInfo } from "./types.ts";

type Options = { readonly signal?: AbortSignal };

/** What is pinned of somebody, in the keyring. */
interface Pinned {
  readonly userId: Uint8Array;
  readonly name: string;
  readonly fingerprint: Uint8Array;
  readonly verified: boolean;
}

/** Somebody whose keys are proven as far as they can be. */
export interface Person {
  readonly identity: VerifiedIdentity;
  readonly contact: ContactInfo;
}

/**
 * Whose keys are whose: pinned when they are first used, verified when somebody compared the digits, and from then on never
 * exchanged for others that the person has not signed (cryptography rule 7).
 */
export class People {
  readonly #account: AccountSession;
  readonly #api: SharingApi;

  constructor(account: AccountSession, api: SharingApi) {
    this.#account = account;
    this.#api = api;
  }

  /** Everybody who is pinned, by name. */
  list(): ContactInfo[] {
    return [...this.#account.contacts.values()]
      .map((contact) => toInfo(contact))
      .sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** Asks the server for the keys of a name, without pinning them. Throws UnknownPersonError, ContactChangedError. */
  async lookUp(typed: string, options: Options): Promise<Person> {
    const name = userNameOf(typed);
    const found = await this.#api.lookUp(name, options);
    if (found === undefined) throw new UnknownPersonError(name);
    return this.#hold(name, found);
  }

  /** What the server gave for a name, held against what is pinned. */
  #hold(name: UserName, found: FoundPerson): Person {
    const pinned = this.#pinnedAs({ name, userId: found.userId });
    const proven = provePerson(found, { name, pinned });
    if (proven === undefined) throw new ContactChangedError(name);
    const { identity, changed } = proven;
    const { userId, fingerprint } = identity;
    const verified = pinned !== undefined && !changed && pinned.verified;
    return { identity, contact: { ...toInfo({ userId, name, fingerprint, verified }), changed } };
  }

  /** As `lookUp`, and pins what it found: the first keys that are used are the ones that stay. */
  async meet(typed: string, options: Options): Promise<Person> {
    const person = await this.lookUp(typed, options);
    await this.#pin(person.identity, person.contact.verified, options);
    return person;
  }

  /** As `meet`, of records that came with something that names this person. Throws ContactChangedError. */
  async meetKnown({ name, ...found }: FoundPerson & { readonly name: string }, options: Options): Promise<Person> {
    const person = this.#hold(userNameOf(name), found);
    await this.#pin(person.identity, person.contact.verified, options);
    return person;
  }

  /** Compares the digits that somebody read out with the keys of that name, and remembers that they agree. Throws FingerprintMismatchError, and then pins nothing. */
  async verify(typed: string, digits: string, options: Options): Promise<ContactInfo> {
    const told = digits.replace(/[\s-]/g, "");
    if (!/^\d{60}$/.test(told)) throw new FingerprintFormatError();
    const { identity, contact } = await this.lookUp(typed, options);
    if (fingerprintDigits(identity.fingerprint).replace(/\s/g, "") !== told) {
      throw new FingerprintMismatchError(contact.name);
    }
    await this.#pin(identity, true, options);
    return { ...contact, verified: true };
  }

  /** What this person gives to others, so that they need not compare digits (spec/people.md §4). */
  async ownLink(): Promise<string> {
    const { name, server } = this.#account;
    const { fingerprint } = await this.#account.member();
    return formatContactAddress({ server, name, fingerprint });
  }

  /**
   * Whom a contact link is of, with the keys that the server gives held against those that the link names, and against what is
   * pinned; pins nothing. Verified only if the link names the very keys: those that a change was signed for since have to be
   * compared again. Throws ContactLinkError, ContactLinkMismatchError, UnknownPersonError, ContactChangedError.
   */
  async followLink(link: string, options: Options): Promise<Person> {
    const { name: told, fingerprint, server } = readContactLink(link);
    const name = userNameOf(told);
    // One server may have several addresses; keys are nobody else's, so other ones alone say that it is another server.
    const isHere = server === this.#account.server;
    if (name === this.#account.name) {
      const { fingerprint: own } = await this.#account.member();
      throw new ContactLinkError(isHere || equalBytes(fingerprint, own) ? "oneself" : "server");
    }
    const found = await this.#api.lookUp(name, options);
    if (found === undefined) throw isHere ? new UnknownPersonError(name) : new ContactLinkError("server");
    const proven = provePerson(found, { name, pinned: { fingerprint } });
    if (proven === undefined) throw isHere ? new ContactLinkMismatchError(name) : new ContactLinkError("server");
    const { identity, contact } = this.#hold(name, found);
    const verified = contact.verified || !proven.changed;
    return { identity, contact: { ...contact, verified, changed: !verified } };
  }

  /** As `followLink`, and pins what it found. */
  async meetByLink(link: string, options: Options): Promise<ContactInfo> {
    const { identity, contact } = await this.followLink(link, options);
    await this.#pin(identity, contact.verified, options);
    return contact;
  }

  /** What is known of a member. Throws ContactChangedError when the list names other keys than the pinned ones. */
  recognize(row: Pick<VolumeMemberRow, "userId" | "name" | "fingerprint">): Omit<ContactInfo, "changed"> {
    const pinned = this.#pinnedAs(row);
    if (pinned && !equalBytes(pinned.fingerprint, row.fingerprint)) throw new ContactChangedError(row.name);
    return toInfo({ ...row, verified: pinned?.verified ?? false });
  }

  /** Who signed something, then: also somebody who is no member, or whose keys are others by now. */
  actor({ userId, name, fingerprint }: Signer): Actor {
    const isSelf = equalBytes(userId, this.#account.userId);
    const pinned = [...this.#account.contacts.values()].find((contact) => equalBytes(contact.fingerprint, fingerprint));
    return { userId, name, isSelf, verified: isSelf || (pinned?.verified ?? false) };
  }

  /** Pins the keys that a member list names for somebody. Throws ContactChangedError when others are pinned. */
  async pinMember(row: VolumeMemberRow, options: Options): Promise<void> {
    const { verified } = this.recognize(row);
    await this.#pin(row, verified, options);
  }

  /** The pin of an account. The same name for another account is a change of keys like any other. */
  #pinnedAs({ userId, name }: Pick<Pinned, "userId" | "name">): Pinned | undefined {
    const contacts = [...this.#account.contacts.values()];
    const byId = contacts.find((contact) => equalBytes(contact.userId, userId));
    if (byId === undefined && contacts.some((contact) => contact.name === name)) throw new ContactChangedError(name);
    return byId;
  }

  async #pin(
    { userId, name, fingerprint }: Pick<Pinned, "userId" | "name" | "fingerprint">,
    verified: boolean,
    { signal }: Options,
  ): Promise<void> {
    const pinned = this.#pinnedAs({ userId, name });
    if (pinned?.verified === verified && equalBytes(pinned.fingerprint, fingerprint)) return;
    await this.#account.keepContact({ userId, name, fingerprint, verified }, signal);
  }
}

function toInfo({ userId, name, fingerprint, verified }: Pinned): ContactInfo {
  return { userId, name, verified, fingerprint: fingerprintDigits(fingerprint), changed: false };
}
