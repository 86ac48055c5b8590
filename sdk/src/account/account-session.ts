import { fromBase64Url, toBase64Url, wipe } from "@excalibur/core/bytes";
import { fingerprintDigits } from "@excalibur/core/identity";
import type { SessionId, UserName } from "@excalibur/core/protocol";
import type { Ports } from "../ports/index.ts";
import type { RequestKeeper } from "../requests/types.ts";
import type { Settings } from "../stars/index.ts";
import { type CreatedVolume, createVolume, type VolumeMember } from "../volumes/index.ts";
import { type AccountApi, seedSigner } from "./api.ts";
import {
  type AccountKey,
  localRowKey,
  newDeviceSecret,
  openLocal,
  ownFingerprint,
  recoveryKeysFromWords,
  sealingKeyOf,
  sealLocal,
} from "./crypto.ts";
import type { DeviceAccount, DeviceState } from "./device-state.ts";
import { LockedError, OtherWordsError } from "./errors.ts";
import { HeadsMemory } from "./heads-memory.ts";
import {
  type Contact,
  type KeptVolume,
  type Keyring,
  type KeyringLink,
  linksOf,
  volumeOf,
  withContact,
  withLink,
  withNote,
  withoutLink,
  withoutVolume,
  withVolume,
} from "./keyring/crypto.ts";
import type { KeyringKeeper } from "./keyring/keeper.ts";
import type { AccountParts } from "./parts.ts";
import type { AccountStatus, SignedOut, WhoAmI } from "./types.ts";
import { hasWordsReminder, isReminderOf, withoutWordsReminder } from "./words-reminder.ts";

const SEEN_EVERY_MS = 60_000;

interface NoteOptions {
  readonly signal?: AbortSignal | undefined;
  /** What changes with it. */
  readonly also?: (keyring: Keyring) => Keyring;
}

/** An open account on this device: its keys, its keyring, its session. */
export class AccountSession {
  readonly #ports: Ports;
  readonly #state: DeviceState;
  readonly #api: AccountApi;
  readonly #keeper: KeyringKeeper;
  readonly #heads: HeadsMemory;
  #device: DeviceAccount;
  #account: AccountKey | undefined;
  #member: VolumeMember | undefined;
  #seenMs = 0;

  constructor(parts: AccountParts) {
    this.#ports = parts.ports;
    this.#state = parts.state;
    this.#api = parts.api;
    this.#device = parts.device;
    this.#account = parts.account;
    this.#keeper = parts.keeper;
    this.#heads = new HeadsMemory(parts);
  }

  get name(): UserName {
    return this.#device.name;
  }

  get userId(): Uint8Array {
    return fromBase64Url(this.#device.userId);
  }

  /** The server's address as text. */
  get server(): string {
    return this.#device.server;
  }

  get homeVolumeId(): Uint8Array {
    return this.#keyring.homeVolumeId;
  }

  /** The calls of this session; the composition root gives it to the other rooms. */
  get api(): AccountApi {
    return this.#api;
  }

  /** On whose behalf volumes are read and written. */
  async member(): Promise<VolumeMember> {
    this.#member ??= await this.#createMember();
    return this.#member;
  }

  async whoami(): Promise<WhoAmI> {
    const { fingerprint } = await this.member();
    const { name, userId, server, homeVolumeId } = this.#device;
    return { name, userId, server, homeVolumeId, fingerprint: fingerprintDigits(fingerprint) };
  }

  /** Asks the server once. That it cannot be reached is part of the answer, not an error. */
  async status(options: { readonly signal?: AbortSignal } = {}): Promise<AccountStatus> {
    const local = { ...(await this.whoami()), secretStore: await this.#ports.secrets.describe() };
    let remote: AccountStatus["remote"];
    let problem: AccountStatus["problem"];
    try {
      remote = await this.#api.status(options);
    } catch (error) {
      options.signal?.throwIfAborted();
      problem = error as Error;
    }
    const { clockOffsetMs } = this.#api.transport;
    return { ...local, keyringVersion: this.#keeper.version, clockOffsetMs, remote, problem };
  }

  /** Takes over what other devices wrote into the keyring. Throws RollbackError, ForkError or KeyringError; the accepted one then stays. */
  async refresh(options: { readonly signal?: AbortSignal } = {}): Promise<void> {
    await this.#keeper.refresh(this.#api, options.signal);
  }

  /** Now this device is in step with the server. Kept at most once a minute: it is for people to read. */
  async noteSeen(): Promise<void> {
    const nowMs = this.#ports.clock.nowMs();
    if (Math.abs(nowMs - this.#seenMs) < SEEN_EVERY_MS) return;
    this.#seenMs = nowMs;
    await this.#state.noteContact({ seenMs: nowMs });
  }

  /** When it last was, by this device's clock. */
  async seenMs(): Promise<number | undefined> {
    return (await this.#state.readContact()).seenMs;
  }

  /** Grows with every keyring that is taken over or written. */
  get keyringVersion(): number {
    return this.#keeper.version;
  }

  /** What of the keyring is the person's own choices: the same on all of their devices. */
  get settings(): Settings {
    return {
      read: () => this.#keyring.settings,
      update: async (change, { signal } = {}) => {
        const step = (keyring: Keyring): Keyring => {
          const settings = change(keyring.settings);
          return settings === keyring.settings ? keyring : { ...keyring, settings };
        };
        await this.#keeper.update(this.#api, step, { signal });
      },
    };
  }

  /** The secrets of upload requests, as the keyring holds them. */
  get requests(): RequestKeeper["requests"] {
    return {
      read: () => this.#keyring.requests,
      update: async (change, { signal } = {}) => {
        const step = (keyring: Keyring): Keyring => {
          const requests = change(keyring.requests);
          return requests === keyring.requests ? keyring : { ...keyring, requests };
        };
        await this.#keeper.update(this.#api, step, { signal });
      },
    };
  }

  /** Seals what a room keeps on this device, bound to the name of its cache row. */
  sealLocal(rowName: string, plaintext: Uint8Array): Promise<Uint8Array> {
    return sealLocal(this.#openAccount, rowName, plaintext);
  }

  /** The key of a cache row that tells nothing of the row's name. */
  localRowKey(rowName: string): string {
    return localRowKey(this.#openAccount, rowName);
  }

  /** Throws CacheRecordError: throw the row away and begin anew. */
  openLocal(rowName: string, sealed: Uint8Array): Promise<Uint8Array> {
    return openLocal(this.#openAccount, rowName, sealed);
  }

  /** A secret that unlocks this device besides the password, for a platform that gives it back only to its owner. It replaces the one before. */
  async guard(): Promise<Uint8Array> {
    const secret = newDeviceSecret();
    await this.#state.guard(this.#openAccount, secret);
    return secret;
  }

  /** That secret opens nothing any more. */
  async dropGuard(): Promise<void> {
    await this.#state.dropGuard();
  }

  /** Puts the key away: only the password opens the account on this device again. The session stays, without its key. */
  async lock(): Promise<void> {
    await this.close();
    await this.#state.lock();
    this.#wipe();
  }

  /** Ends the session on the server and forgets the keys. Works without the server, and then says so. */
  async signOut(options: { readonly signal?: AbortSignal } = {}): Promise<SignedOut> {
    await this.#heads.push({ always: true, signal: options.signal });
    let sessionEnded = true;
    try {
      // Another process may have begun a newer session on this device: that is the one to end.
      const { sessionId } = (await this.#state.read()) ?? this.#device;
      await this.#api.endSession(sessionId, options);
    } catch (error) {
      this.#ports.logger.warn("the session could not be ended", { error: (error as Error).name });
      sessionEnded = (error as { code?: unknown }).code === "session_ended";
    }
    await this.#state.forget();
    this.#wipe();
    return { sessionEnded };
  }

  /** The account is gone, and with it what this device keeps of it. Asks no server. */
  async forget(): Promise<void> {
    await this.#state.forget();
    this.#wipe();
  }

  /** Accepted heads go into the keyring now, not only when it is time. Never fails. */
  async pushHeads(options: { readonly signal?: AbortSignal } = {}): Promise<void> {
    await this.#heads.push({ always: true, signal: options.signal });
  }

  /** Lets what is due go out: accepted heads into the keyring. Never fails; what did not go out is kept for the next process. */
  async close(): Promise<void> {
    await this.#heads.push({ always: false });
  }

  /** Goes on with a session that has just begun: after a change of password. */
  async continueWith(session: { readonly sessionId: SessionId; readonly seed: Uint8Array }): Promise<void> {
    const { format: _f, deviceId: _d, generation: _g, ...device } = this.#device;
    this.#device = await this.#state.keep({ ...device, sessionId: session.sessionId }, this.#openAccount, session.seed);
    this.#api.transport.useSession(seedSigner(session.sessionId, session.seed));
  }

  /** Whom this account knows, by userId, with the fingerprint it has pinned for each. */
  get contacts(): ReadonlyMap<string, Contact> {
    return this.#keyring.contacts;
  }

  /** Volumes that this account made or accepted, the home volume among them. */
  get volumeIds(): Uint8Array[] {
    return [...this.#keyring.volumes.values()].map(({ volumeId }) => volumeId);
  }

  /** Pins a contact, or says that it was compared. Throws KeyringConflictError when another device pinned another fingerprint. */
  async keepContact(contact: Contact, signal?: AbortSignal): Promise<void> {
    await this.#keeper.update(this.#api, (keyring) => withContact(keyring, contact), { signal });
  }

  /** Takes a volume for one's own or accepted: its keys and head are on every device then. */
  async keepVolume(volume: KeptVolume, signal?: AbortSignal): Promise<void> {
    await this.#keeper.update(this.#api, (keyring) => withVolume(keyring, volume), { signal });
  }

  async forgetVolume(volumeId: Uint8Array, signal?: AbortSignal): Promise<void> {
    await this.#keeper.update(this.#api, (keyring) => withoutVolume(keyring, volumeId), { signal });
  }

  /** The links that this account made, with their secrets. */
  get links(): KeyringLink[] {
    return linksOf(this.#keyring);
  }

  async keepLink(link: KeyringLink, signal?: AbortSignal): Promise<void> {
    await this.#keeper.update(this.#api, (keyring) => withLink(keyring, link), { signal });
  }

  async forgetLink(linkId: Uint8Array, signal?: AbortSignal): Promise<void> {
    await this.#keeper.update(this.#api, (keyring) => withoutLink(keyring, linkId), { signal });
  }

  /**
   * Makes the first records of a volume that this account owns. The label is what whoever is invited to it is shown;
   * `singleFile`: it is for one file, and nothing else comes into it.
   */
  async newVolume(label: string, { singleFile }: { readonly singleFile?: true } = {}): Promise<CreatedVolume> {
    const { fingerprint, signatureSeed, sealingSeed } = await this.member();
    const sealingKey = await sealingKeyOf(sealingSeed);
    const owner = { userId: this.userId, fingerprint, signatureSeed, sealingKey };
    return await createVolume(owner, { nowMs: this.#api.transport.nowMs(), label, singleFile });
  }

  /** Nobody has shown yet that the recovery words were kept. See [Note: Words that nobody has checked]. */
  get hasUncheckedWords(): boolean {
    return hasWordsReminder(this.#keyring);
  }

  /** Words as typed, all of them. Throws RecoveryWordsError, OtherWordsError. Without a reminder there is nothing to do. */
  async checkWords(words: string, signal?: AbortSignal): Promise<void> {
    if (!this.hasUncheckedWords) return;
    const { proof, slotKey } = recoveryKeysFromWords(words, this.userId);
    wipe(proof.seed);
    wipe(slotKey);
    if (!isReminderOf(this.#keyring, proof.publicKey)) throw new OtherWordsError();
    await this.wordsAreKept("recovery words checked", signal);
  }

  /** No reminder any more, on any device. */
  async wordsAreKept(text: string, signal?: AbortSignal): Promise<void> {
    const atMs = this.#api.transport.nowMs();
    const step = (keyring: Keyring): Keyring => withNote(withoutWordsReminder(keyring), { atMs, text });
    await this.#keeper.update(this.#api, step, { signal });
  }

  /** What happened to the account, for its owner to read on any device. A note that cannot be written now stops nothing. */
  async note(text: string, { signal, also = (keyring) => keyring }: NoteOptions = {}): Promise<void> {
    const atMs = this.#api.transport.nowMs();
    const step = (keyring: Keyring): Keyring => withNote(also(keyring), { atMs, text });
    try {
      await this.#keeper.update(this.#api, step, { signal, attempts: 2 });
    } catch (error) {
      this.#ports.logger.warn("a note did not reach the keyring", { error: (error as Error).name });
    }
  }

  /** For the ways in, which re-prove the account: never leaves the room. */
  get parts(): Pick<AccountParts, "device" | "account"> {
    return { device: this.#device, account: this.#openAccount };
  }

  get #keyring(): Keyring {
    if (this.#account === undefined) throw new LockedError();
    return this.#keeper.keyring;
  }

  get #openAccount(): AccountKey {
    if (this.#account === undefined) throw new LockedError();
    return this.#account;
  }

  async #createMember(): Promise<VolumeMember> {
    const { identity } = this.#keyring;
    const { fingerprint, identitySequence } = this.#device;
    const known = identitySequence === identity.sequence ? fromBase64Url(fingerprint) : undefined;
    return {
      subjectId: this.userId,
      fingerprint: known ?? (await ownFingerprint(this.userId, identity)),
      signatureSeed: identity.signatureSeed,
      sealingSeed: identity.sealingSeed,
      volumeKeys: (volumeId) => volumeOf(this.#keyring, volumeId)?.keys ?? new Map(),
      acceptedHead: (volumeId) => volumeOf(this.#keyring, volumeId)?.head ?? undefined,
      rememberHead: (volumeId, head) => this.#heads.remember(toBase64Url(volumeId), head),
    };
  }

  #wipe(): void {
    if (this.#account !== undefined) wipe(this.#account.key);
    this.#account = undefined;
    this.#member = undefined;
  }
}
