import { toBase64Url } from "@excalibur/core/bytes";
import type { SessionId } from "@excalibur/core/protocol";
import {
  type AccountSession,
  type AccountStatus,
  Entrance,
  type NewRecoveryWords,
  type RecoverOptions,
  type SessionStatus,
  type SignedOut,
  type SignInOptions,
  type SignUpOptions,
  type WhoAmI,
} from "./account/index.ts";
import { onceMore } from "./concurrency/index.ts";
import type { Drive } from "./drive.ts";
import { eventsApi, RemoteEvents } from "./events/index.ts";
import type { UsageOptions } from "./files/index.ts";
import type { Visit, VisitOptions } from "./links/index.ts";
import type { Ports } from "./ports/index.ts";
import type { Rejoin } from "./rejoin.ts";
import type { Sending } from "./requests/index.ts";
import { type StorageUse, toStorageUse } from "./storage-use.ts";
import { randomFraction } from "./transport/index.ts";

type Options = { readonly signal?: AbortSignal };

export interface FollowOptions extends Options {
  readonly onProblem?: (error: unknown) => void;
  readonly onKeyring?: () => void;
}

export interface NewAccount {
  /** Shown once and kept by nobody: without them a forgotten password loses everything. */
  readonly recoveryWords: readonly string[];
  /** undefined: the account could not be opened yet; `problem` says why. */
  readonly account: Account | undefined;
  readonly problem: Error | undefined;
  /** false: the connection broke before the answer, so the account may or may not exist. Keep the words and try to sign in. */
  readonly confirmed: boolean;
}

export interface ExcaliburOptions {
  /**
   * Drives open with what this device knows of them, at once and without a connection; `follow` brings them up to date.
   * For programs that stay open and say when they are offline. Otherwise opening asks the server, and fails without it.
   */
  readonly opensFromMemory?: boolean;
}

/** The door of the sdk: one of these a device, over the ports of its platform. */
export class Excalibur {
  readonly #ports: Ports;
  readonly #options: ExcaliburOptions;
  readonly #entrance: Entrance;

  constructor(ports: Ports, options: ExcaliburOptions = {}) {
    this.#ports = ports;
    this.#options = options;
    this.#entrance = new Entrance(ports);
  }

  /** Throws before anything is sent for a bad name, password or invitation; ApiError when the server refuses. */
  async signUp(options: SignUpOptions): Promise<NewAccount> {
    const { account, ...rest } = await this.#entrance.signUp(options);
    return { ...rest, account: account && this.#account(account) };
  }

  async signIn(options: SignInOptions): Promise<Account> {
    return this.#account(await this.#entrance.signIn(options));
  }

  /** Signs in by the recovery words, sets a new password and ends every other session. */
  async recover(options: RecoverOptions): Promise<Account> {
    return this.#account(await this.#entrance.recover(options));
  }

  /** An upload request by its address, for somebody with or without an account. Throws as `Sending.open` does. */
  async openRequest(url: string, options: Options = {}): Promise<Sending> {
    const requests = await import("./requests/index.ts");
    return await requests.Sending.open(this.#ports, url, options);
  }

  /** The account of this device as it was left; asks no server. Throws NotSignedInError, LockedError. */
  async open(): Promise<Account> {
    return this.#account(await this.#entrance.open());
  }

  /** Unlocks with the secret that `Account.guard` gave. Asks no server. Throws NotSignedInError, LockedError for another secret. */
  async openGuarded(secret: Uint8Array): Promise<Account> {
    return this.#account(await this.#entrance.openGuarded(secret));
  }

  /** Whether this device can be unlocked so. */
  async isGuarded(): Promise<boolean> {
    return await this.#entrance.isGuarded();
  }

  /**
   * This device lets go of the account it knows, without opening it: somebody else wants in. Its session ends by itself
   * after its unused days, or from another device; its key is gone here.
   */
  async forget(): Promise<void> {
    await this.#entrance.forget();
  }

  /** What a link leads to, for anybody who has its address; nothing of it is kept on this device. Throws as `visitLink`. */
  async visit(options: VisitOptions): Promise<Visit> {
    const { visitLink } = await import("./links/index.ts");
    return await visitLink(this.#ports, options);
  }

  #account(session: AccountSession): Account {
    return new Account(session, { ports: this.#ports, entrance: this.#entrance, ...this.#options });
  }
}

interface AccountParts extends ExcaliburOptions {
  readonly ports: Ports;
  readonly entrance: Entrance;
}

/** An open account on this device. */
export class Account {
  readonly #session: AccountSession;
  readonly #ports: Ports;
  readonly #entrance: Entrance;
  readonly #opensFromMemory: boolean;
  #drive: Promise<Drive> | undefined;
  #events: RemoteEvents | undefined;

  constructor(session: AccountSession, parts: AccountParts) {
    const { ports, entrance, opensFromMemory = false } = parts;
    this.#session = session;
    this.#ports = ports;
    this.#entrance = entrance;
    this.#opensFromMemory = opensFromMemory;
  }

  get name(): string {
    return this.#session.name;
  }

  get server(): string {
    return this.#session.server;
  }

  /** When this device was last in step with the server, by its own clock; undefined: nobody noted. */
  async seenMs(): Promise<number | undefined> {
    return await this.#session.seenMs();
  }

  /** The home volume, opened once; a failure is tried again at the next call. */
  async drive(options: Options = {}): Promise<Drive> {
    this.#drive ??= this.#openDrive(options);
    try {
      return await this.#drive;
    } catch (error) {
      this.#drive = undefined;
      throw error;
    }
  }

  /** The rooms of a drive are loaded with the first: whoever has not signed in yet has no use for them (docs/decisions/0052). */
  async #openDrive(options: Options): Promise<Drive> {
    const { openDrive } = await import("./drive.ts");
    return await openDrive(this.#session, this.#ports, { ...options, fromMemory: this.#opensFromMemory });
  }

  /** What the server announces. Nothing is connected before somebody subscribes. */
  get events(): RemoteEvents {
    const { socket, clock, logger } = this.#ports;
    this.#events ??= new RemoteEvents({
      api: eventsApi(this.#session.api.transport),
      socket,
      clock,
      logger,
      randomFraction,
    });
    return this.#events;
  }

  /**
   * Keeps the open drive and the keyring up to date with what other devices do, until the returned function is called.
   * `onProblem` is told of RollbackError, ForkError and the like; what was accepted before stays. `onKeyring` is called
   * when another device has written the keyring.
   */
  async follow(options: FollowOptions = {}): Promise<() => void> {
    const { volumes } = await this.drive(options);
    const { onProblem = () => undefined, onKeyring = () => undefined } = options;
    const isOpen = (volumeId: string) => volumes.opened.some((each) => toBase64Url(each.volumeId) === volumeId);
    // A server may announce more than a client can ask.
    const catchUp = onceMore(async () => {
      let isInStep = true;
      await volumes.catchUp((error) => {
        isInStep = false;
        onProblem(error);
      });
      if (isInStep) await this.#session.noteSeen().catch(onProblem);
    });
    const refresh = onceMore(async () => {
      const before = this.#session.keyringVersion;
      await this.#session.refresh().catch(onProblem);
      if (this.#session.keyringVersion !== before) onKeyring();
    });
    if (this.#opensFromMemory) catchUp();
    let isConnected = false;
    const stopOpened = volumes.onOpened(catchUp);
    const stopHearing = this.events.subscribe((event) => {
      if (event.type === "resync") isConnected = true;
      // As long as it was connected it was in step.
      if (event.type === "offline" && isConnected) void this.#session.noteSeen().catch(onProblem);
      if (event.type === "offline") isConnected = false;
      const isNews = event.type === "commit" || event.type === "members";
      if (event.type === "resync" || (isNews && isOpen(event.volumeId))) catchUp();
      if (event.type === "resync" || event.type === "keyring") refresh();
    });
    return () => {
      stopOpened();
      stopHearing();
    };
  }

  /** Takes over what other devices wrote into the keyring. Throws RollbackError, ForkError; the accepted one then stays. */
  async refresh(options: Options = {}): Promise<void> {
    await this.#session.refresh(options);
  }

  /**
   * After the server was restored from a backup: what it lost, and a way to go on from what it has. Only for a person who
   * has just signed in by the password, with `mergeKeyring`. undefined: the server has everything this device has seen.
   */
  async askRejoin(options: Options = {}): Promise<Rejoin | undefined> {
    await this.#closeRooms();
    const context = {
      session: this.#session,
      ports: this.#ports,
      openDrive: (opening: Options) => this.drive(opening),
    };
    const { askRejoinDrive } = await import("./rejoin.ts");
    return await askRejoinDrive(context, options);
  }

  async whoami(): Promise<WhoAmI> {
    return await this.#session.whoami();
  }

  async status(options: Options = {}): Promise<AccountStatus> {
    return await this.#session.status(options);
  }

  /** What the quota is spent on: what the server counts, told apart by what the drive lists. Looks at every file. */
  async storage(options: UsageOptions = {}): Promise<StorageUse> {
    const { files } = await this.drive(options);
    const { signal } = options;
    return toStorageUse(
      await this.#session.api.storage(signal === undefined ? {} : { signal }),
      await files.usage(options),
    );
  }

  /** Every live session of the account, of any device. */
  async sessions(options: Options = {}): Promise<SessionStatus[]> {
    return await this.#session.api.sessions(options);
  }

  /** Another device's, at once: what it has open is told, and its next request is refused. For this device's own, `signOut`. */
  async endSession(sessionId: SessionId, options: Options = {}): Promise<void> {
    await this.#session.api.endSession(sessionId, options);
  }

  /** Re-proves the account, replaces the password and ends every other session. */
  async changePassword(
    passwords: { readonly current: string; readonly next: string },
    options: Options = {},
  ): Promise<void> {
    await this.#entrance.changePassword(this.#session, passwords, options.signal);
  }

  /** Proves the password, then makes new words: to be shown and checked before they are confirmed. Throws SignInFailedError. */
  async newRecoveryWords(
    { password }: { readonly password: string },
    options: Options = {},
  ): Promise<NewRecoveryWords> {
    return await this.#entrance.newRecoveryWords(this.#session, password, options.signal);
  }

  /** Nobody has shown yet that the recovery words were kept: not when the account was made, and not since. */
  get hasUncheckedWords(): boolean {
    return this.#session.hasUncheckedWords;
  }

  /** By typing all of them: then no device is reminded any more. Throws RecoveryWordsError, OtherWordsError. */
  async checkRecoveryWords(words: string, { signal }: Options = {}): Promise<void> {
    await this.#session.checkWords(words, signal);
  }

  /**
   * Deletes the account on the server with everything in it, for ever, and forgets it on this device: folders that it shares
   * are gone for everybody, and it is out of those of others (`sharing.farewell` names them). Ask for a phrase first. Throws
   * SignInFailedError, ApiError, and then nothing was deleted.
   */
  async deleteAccount({ password }: { readonly password: string }, options: Options = {}): Promise<void> {
    await this.#closeRooms();
    await this.#entrance.deleteAccount(this.#session, password, options.signal);
  }

  /**
   * A secret that unlocks this device besides the password: for a key store that gives it back only to a person it has
   * recognised. It is nowhere else, and replaces the one before; signing out makes it worthless.
   */
  async guard(): Promise<Uint8Array> {
    return await this.#session.guard();
  }

  async dropGuard(): Promise<void> {
    await this.#session.dropGuard();
  }

  /** Puts the key away: only the password, and a guarded secret, open the account on this device again. */
  async lock(): Promise<void> {
    await this.#closeRooms();
    await this.#session.lock();
  }

  /** Ends the session on the server and forgets the keys. Works without the server, and then says so. */
  async signOut(options: Options = {}): Promise<SignedOut> {
    await this.#closeRooms();
    return await this.#session.signOut(options);
  }

  /** Waits for what is under way and lets go of it. The account stays signed in. */
  async close(): Promise<void> {
    await this.#closeRooms();
    await this.#session.close();
  }

  async #closeRooms(): Promise<void> {
    this.#events?.close();
    this.#events = undefined;
    const drive = this.#drive;
    this.#drive = undefined;
    if (drive === undefined) return;
    try {
      await (await drive).close();
    } catch (error) {
      this.#ports.logger.debug("the drive had not opened", { error: (error as Error).name });
    }
  }
}
