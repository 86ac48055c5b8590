import { fromBase64Url, toBase64Url } from "@excalibur/core/bytes";
import type { SessionId } from "@excalibur/core/protocol";
import { type Account, Excalibur, LockedError, type NewRecoveryWords, NotSignedInError } from "@excalibur/sdk";
import type { RemoteEvent } from "@excalibur/sdk/events";
import { BufferPool, InProcessSealer } from "@excalibur/sdk/sealer";
import { DeviceSecretStore } from "../../encryption/index.ts";
import { fetchHttp, webSocket } from "../../network/index.ts";
import { IndexedDbCache, openLocalDatabase } from "../../storage/index.ts";
import { systemClock } from "./clock.ts";
import { deviceName } from "./device-name.ts";
import { expireOld } from "./expire-old.ts";
import { failureOf, isAwayAnyhow } from "./failure.ts";
import { findServer } from "./find-server.ts";
import { LettingIn } from "./let-in.ts";
import { type Rooms, type RoomsHolder, roomsOf } from "./rooms.ts";
import type {
  AccountState,
  EngineEvent,
  Person,
  RecoverForm,
  SessionItem,
  SignedUp,
  SignInForm,
  SignUpForm,
  Usage,
} from "./types.ts";

/** Held by whoever changes this browser's session, so that no window takes the change for an end. */
const SESSION_LOCK = "excalibur-session";

/** Of a part that is read, one that is sealed and one that is sent. More, and a phone feels it. */
const KEPT_BUFFER_BYTES = 12 * 1024 * 1024;

interface Platform {
  readonly excalibur: Excalibur;
  readonly secrets: DeviceSecretStore;
}

export interface DeskOptions {
  /** The address of the server: the page's own, or the one that an app was told. */
  readonly server: string;
  /** Sessions of apps last longer. */
  readonly client: "web" | "app";
}

/** Everything that opens and closes the account of this browser. The one open account is handed to the other desks. */
export class AccountDesk implements RoomsHolder {
  #options: DeskOptions;
  #platform: Promise<Platform> | undefined;
  #account: Account | undefined;
  #newWords: NewRecoveryWords | undefined;
  #unfollow: (() => void)[] = [];
  #isConnected = false;
  #listener: (event: EngineEvent) => void = () => undefined;

  constructor(options: DeskOptions) {
    this.#options = options;
  }

  /** The pages came with an app, and speak to this server. Before anything else is asked. */
  beApp({ server }: { readonly server: string }): void {
    this.#options = { server, client: "app" };
  }

  /** See find-server.ts: the address of a server that answers as one, for an app that has none yet. */
  async findServer(typed: string): Promise<string> {
    return await findServer(typed, { http: fetchHttp, clock: systemClock });
  }

  /** Throws NotSignedInError, LockedError. */
  get account(): Account {
    if (this.#account === undefined) throw new LockedError();
    return this.#account;
  }

  /** For what needs no account. */
  async excalibur(): Promise<Excalibur> {
    return (await this.#start()).excalibur;
  }

  /** Whether this is the account that is open now. */
  isOpen(account: object): boolean {
    return this.#account === account;
  }

  /** Throws NotSignedInError, LockedError. */
  async rooms(): Promise<Rooms> {
    return await roomsOf(this.account);
  }

  listen(listener: (event: EngineEvent) => void): void {
    this.#listener = listener;
  }

  /** For the other desks. */
  tell(event: EngineEvent): void {
    this.#listener(event);
  }

  /** The account as this browser was left with it; asks no server. */
  async open(): Promise<AccountState> {
    const { excalibur } = await this.#start();
    try {
      return this.#opened(await excalibur.open());
    } catch (error) {
      if (error instanceof NotSignedInError) return { status: "signed-out" };
      if (error instanceof LockedError) return { status: "locked" };
      throw error;
    }
  }

  async signUp({ stay, invite, ...form }: SignUpForm): Promise<SignedUp> {
    const { excalibur } = await this.#start(stay);
    const made = await excalibur.signUp({ ...form, ...this.#device, ...(invite === undefined ? {} : { invite }) });
    const { recoveryWords, account, confirmed } = made;
    if (account !== undefined) this.#opened(account);
    return { recoveryWords, outcome: account !== undefined ? "open" : confirmed ? "unopened" : "unconfirmed" };
  }

  async signIn({ stay, ...form }: SignInForm): Promise<AccountState> {
    const { excalibur } = await this.#start(stay);
    return this.#opened(await excalibur.signIn({ ...form, ...this.#device }));
  }

  async recover({ stay, ...form }: RecoverForm): Promise<AccountState> {
    const { excalibur } = await this.#start(stay);
    return this.#opened(await excalibur.recover({ ...form, ...this.#device }));
  }

  /** A secret for the key store of this device, which unlocks the drive besides the password. Nothing here remembers it. */
  async guard(): Promise<string> {
    return toBase64Url(await this.account.guard());
  }

  /** It is kept: from now on a start asks for it as well. */
  async beGuarded(): Promise<void> {
    const { secrets } = await this.#start();
    await secrets.endWithWindow();
  }

  async dropGuard(): Promise<void> {
    await this.account.dropGuard();
  }

  async isGuarded(): Promise<boolean> {
    const { excalibur } = await this.#start();
    return await excalibur.isGuarded();
  }

  /** Throws LockedError for a secret that opens nothing (any more). */
  async openGuarded(secret: string): Promise<AccountState> {
    const { excalibur } = await this.#start(false);
    return this.#opened(await excalibur.openGuarded(fromBase64Url(secret)));
  }

  /** Puts the keys away: only the password opens them again. */
  async lock(): Promise<void> {
    const { account } = this;
    this.#letGo();
    await account.lock();
  }

  async signOut(): Promise<void> {
    const { account } = this;
    this.#letGo();
    await account.signOut();
  }

  /** Another window locked or signed out: nothing may stay open here. What is kept was put away there. */
  async dropKeys(): Promise<void> {
    const account = this.#account;
    this.#letGo();
    await account?.close();
  }

  /** Somebody else wants in here: the locked account leaves this browser. */
  async forget(): Promise<void> {
    const { excalibur } = await this.#start();
    await excalibur.forget();
  }

  async person(): Promise<Person> {
    const { name, server, fingerprint } = await this.account.whoami();
    return { name, server, fingerprint };
  }

  async sessions(): Promise<SessionItem[]> {
    const sessions = await this.account.sessions();
    return sessions.map(({ sessionId: id, current: isCurrent, ...rest }) => ({ ...rest, id, isCurrent }));
  }

  async endSession(id: string): Promise<void> {
    await this.account.endSession(id as SessionId);
  }

  /** Ends every other session. */
  async changePassword(passwords: { readonly current: string; readonly next: string }): Promise<void> {
    const { account } = this;
    await navigator.locks.request(SESSION_LOCK, () => account.changePassword(passwords));
  }

  /** Proves the password and gives words that count for nothing until they are confirmed. */
  async newWords(password: string): Promise<readonly string[]> {
    this.#newWords = await this.account.newRecoveryWords({ password });
    return this.#newWords.words;
  }

  /** May be tried again when it failed. */
  async confirmNewWords(): Promise<void> {
    await this.#newWords?.confirm();
    this.#newWords = undefined;
  }

  /** Nobody has shown yet that the recovery words were kept. */
  hasUncheckedWords(): boolean {
    return this.account.hasUncheckedWords;
  }

  /** All of them, as typed; then nobody is reminded any more, on any device. */
  async checkWords(words: string): Promise<void> {
    await this.account.checkRecoveryWords(words);
  }

  dropNewWords(): void {
    this.#newWords = undefined;
  }

  /** For ever. What is kept here goes as well. */
  async deleteAccount(password: string): Promise<void> {
    const { account } = this;
    try {
      await navigator.locks.request(SESSION_LOCK, () => account.deleteAccount({ password }));
    } catch (error) {
      // Its rooms were closed for it: they are wanted again.
      for (const stop of this.#unfollow.splice(0)) stop();
      await this.follow();
      throw error;
    }
    this.#letGo();
  }

  async usage(): Promise<Usage | undefined> {
    const { remote } = await this.account.status();
    return remote && { usedBytes: remote.usedBytes, quotaBytes: remote.quotaBytes };
  }

  /** Calls back for each change of the drive, wherever it was made. The drive is opened for it. */
  async follow(): Promise<void> {
    if (this.#unfollow.length > 0) return;
    const { account } = this;
    const { volumes, files } = await account.drive();
    const onProblem = (error: unknown): void => {
      const failure = failureOf(error);
      // That there is no connection is said once, and not for each thing that waits for one.
      if (!isAwayAnyhow(failure, this.#isConnected)) this.#listener({ type: "problem", failure });
    };
    const wake = (): void => account.events.wake();
    const door = new LettingIn({ account, onProblem, onWelcome: () => this.#welcomed() });
    addEventListener("online", wake);
    this.#unfollow.push(
      () => removeEventListener("online", wake),
      volumes.onChange(() => this.#listener({ type: "changed" })),
      await account.follow({ onProblem, onKeyring: () => this.#keyringChanged() }),
      account.events.subscribe((event) => {
        this.#heard(event);
        // Somebody may have taken up an invitation, now or while nothing was heard.
        if (event.type === "resync" || event.type === "link") door.look();
      }),
    );
    // Nobody waits for it.
    void expireOld(files, { isOpen: () => this.#account === account, onProblem });
  }

  #heard(event: RemoteEvent): void {
    if (event.type === "offline") void this.#tellOffline();
    if (event.type === "members") this.#listener({ type: "members" });
    if (event.type === "link") this.#listener({ ...event, isUse: true });
    if (event.type === "request") this.#listener({ type: "requests" });
    if (event.type === "resync") {
      this.#isConnected = true;
      this.#listener({ type: "online" });
    }
    if (event.type === "session-ended") {
      this.#sessionEnded().catch((error: unknown) => this.#listener({ type: "problem", failure: failureOf(error) }));
    }
  }

  /** Somebody who took up an invitation is in a folder now. */
  #welcomed(): void {
    this.#listener({ type: "members" });
    this.#listener({ type: "changed" });
  }

  /** Stars and upload requests are in it. */
  #keyringChanged(): void {
    this.#listener({ type: "changed" });
    this.#listener({ type: "requests" });
  }

  async #tellOffline(): Promise<void> {
    this.#isConnected = false;
    const seenMs = await this.#account?.seenMs();
    if (!this.#isConnected) this.#listener({ type: "offline", seenMs });
  }

  /** The socket's session is over. A change of password, here or in another window, has begun a new one: then on with it. */
  async #sessionEnded(): Promise<void> {
    const { account } = this;
    const isOver = await navigator.locks.request(SESSION_LOCK, async () => {
      const { problem } = await account.status();
      return problem !== undefined && failureOf(problem).code === "session_ended";
    });
    if (this.#account !== account) return;
    if (isOver) {
      await this.lock();
      this.#listener({ type: "session-ended" });
      return;
    }
    for (const stop of this.#unfollow.splice(0)) stop();
    await this.follow();
  }

  #opened(account: Account): AccountState {
    this.#letGo();
    this.#account = account;
    return { status: "open", name: account.name, server: account.server };
  }

  #letGo(): void {
    for (const stop of this.#unfollow.splice(0)) stop();
    this.#account = undefined;
    this.#newWords = undefined;
  }

  get #device() {
    const { client } = this.#options;
    return { ...this.#options, deviceName: deviceName({ client, userAgent: navigator.userAgent }) };
  }

  async #start(stay?: boolean): Promise<Platform> {
    this.#platform ??= openPlatform();
    try {
      const platform = await this.#platform;
      if (stay !== undefined) platform.secrets.isLasting = stay;
      return platform;
    } catch (error) {
      this.#platform = undefined;
      throw error;
    }
  }
}

async function openPlatform(): Promise<Platform> {
  const database = await openLocalDatabase();
  const secrets = new DeviceSecretStore(database);
  const excalibur = new Excalibur(
    {
      http: fetchHttp,
      socket: webSocket,
      cache: new IndexedDbCache(database),
      secrets,
      // This is a worker already, and the browser's ciphers have threads of their own.
      sealer: new InProcessSealer(new BufferPool({ keptLimitBytes: KEPT_BUFFER_BYTES })),
      clock: systemClock,
      logger: { debug: () => undefined, warn: () => undefined },
    },
    { opensFromMemory: true },
  );
  return { excalibur, secrets };
}
