import { chosenServer, isApp } from "../../native/index.ts";
import { callback, connectEngine, type RemoteEngine } from "./connect.ts";
import { failureOf } from "./engine/failure.ts";
import type { VisitForm, VisitView } from "./engine/link-types.ts";
import type {
  AccountState,
  EngineEvent,
  EngineFailure,
  RecoverForm,
  SignedUp,
  SignInForm,
  SignUpForm,
} from "./engine/types.ts";
import { noteTouch } from "./idle-watch.ts";
import { forgetInvitation, invitation } from "./invitation.ts";

/** As the page knows it. "starting": this browser had an account when it was here last, and is opening it. */
export type SessionState =
  | { readonly status: "starting"; readonly name: string }
  | { readonly status: "signed-out" }
  /** hasEnded: not locked by hand; the session was ended from elsewhere. */
  | { readonly status: "locked"; readonly name: string; readonly hasEnded?: boolean }
  | { readonly status: "open"; readonly name: string }
  | { readonly status: "lost"; readonly error: EngineFailure };

/** The name that was used here last: it is not secret, and without it a locked window could not greet anybody. */
const NAME_KEY = "excalibur.account";
const CHANNEL = "excalibur-session";

type News = "closed";

/** Since when, as far as this device knows. */
export interface Offline {
  readonly seenMs: number | undefined;
}

/** One window's session: its state for the pages, and the door to the engine. */
export class Session {
  #state: SessionState;
  #offline: Offline | undefined;
  #engine: RemoteEngine | undefined;
  readonly #listeners = new Set<() => void>();
  readonly #eventListeners = new Set<(event: EngineEvent) => void>();
  readonly #otherWindows = new BroadcastChannel(CHANNEL);

  /** isVisit: this window shows what a link leads to, whoever has an account in this browser. */
  constructor({ isVisit = false }: { readonly isVisit?: boolean } = {}) {
    const name = isVisit ? undefined : readName();
    this.#state = name === undefined ? { status: "signed-out" } : { status: "starting", name };
    this.#otherWindows.onmessage = ({ data: news }: MessageEvent<News>) => {
      if (news !== "closed") return;
      // A visit goes on; the account, if it is open for something to be saved, does not.
      void (isVisit ? this.#engine?.accounts.dropKeys() : this.#closedElsewhere());
    };
  }

  get state(): SessionState {
    return this.#state;
  }

  /** undefined: connected, or not known to be anything else. */
  get offline(): Offline | undefined {
    return this.#offline;
  }

  /** The worker, started by the first who needs it. */
  get engine(): RemoteEngine {
    this.#engine ??= this.#connect();
    return this.#engine;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** What happens to the drive while it is open. */
  onEvent(listener: (event: EngineEvent) => void): () => void {
    this.#eventListeners.add(listener);
    return () => this.#eventListeners.delete(listener);
  }

  /** Opens what this browser was left with, if there is something. Never rejects: what went wrong becomes the state. */
  async start(): Promise<void> {
    if (this.#state.status !== "starting") return;
    try {
      await this.#take(await this.engine.accounts.open());
    } catch (error) {
      this.#set({ status: "lost", error: failureOf(error) });
    }
  }

  /** Tells those who listen of something that failed without anybody waiting for it. */
  report(error: unknown): void {
    this.#emit({ type: "problem", failure: failureOf(error) });
  }

  async signUp(form: SignUpForm): Promise<SignedUp> {
    const made = await this.engine.accounts.signUp(form);
    forgetInvitation();
    // A window that is loaded anew before the words were checked goes on, too.
    noteTouch();
    writeName(form.name);
    return made;
  }

  /** After sign-up the words come first: only then the drive. */
  async enter(): Promise<void> {
    noteTouch();
    await this.#take(await this.engine.accounts.open());
  }

  async signIn(form: SignInForm): Promise<void> {
    const state = await this.engine.accounts.signIn(form);
    noteTouch();
    writeName(form.name);
    await this.#take(state);
  }

  /** With what the key store of this device gave back. */
  async unlockGuarded(secret: string): Promise<void> {
    const state = await this.engine.accounts.openGuarded(secret);
    noteTouch();
    await this.#take(state);
  }

  async recover(form: RecoverForm): Promise<void> {
    const state = await this.engine.accounts.recover(form);
    noteTouch();
    writeName(form.name);
    await this.#take(state);
  }

  /** Opens what a link leads to. Nothing of it is kept, and no account is opened. */
  async visit(form: VisitForm): Promise<VisitView> {
    const view = await this.engine.visits.open(form);
    this.#set({ status: "open", name: "" });
    return view;
  }

  async lock(): Promise<void> {
    await this.engine.accounts.lock();
    this.#otherWindows.postMessage("closed" satisfies News);
    await this.#take({ status: "locked" });
  }

  async signOut(): Promise<void> {
    await this.engine.accounts.signOut();
    forgetName();
    this.#otherWindows.postMessage("closed" satisfies News);
    await this.#take({ status: "signed-out" });
  }

  /** For ever, on the server and here. */
  async deleteAccount(password: string): Promise<void> {
    await this.engine.accounts.deleteAccount(password);
    forgetName();
    this.#otherWindows.postMessage("closed" satisfies News);
    await this.#take({ status: "signed-out" });
  }

  /** Somebody else takes over this browser: the locked account is left behind. */
  async forget(): Promise<void> {
    await this.engine.accounts.forget();
    forgetName();
    await this.#take({ status: "signed-out" });
  }

  get invitation(): string | undefined {
    return invitation();
  }

  async #take(state: AccountState): Promise<void> {
    const name = readName() ?? "";
    if (state.status === "open") this.#set({ status: "open", name: state.name });
    else if (state.status === "locked") this.#set({ status: "locked", name });
    else this.#set({ status: "signed-out" });
  }

  async #closedElsewhere(): Promise<void> {
    // It had locked itself because its session was over; now nobody is left to welcome back.
    if (this.#state.status === "locked" && readName() === undefined) this.#set({ status: "signed-out" });
    if (this.#state.status !== "open") return;
    await this.engine.accounts.dropKeys();
    await this.#take(await this.engine.accounts.open());
  }

  #connect(): RemoteEngine {
    const engine = connectEngine((error) => this.#set({ status: "lost", error }));
    const hear = (event: EngineEvent): void => {
      if (event.type === "offline") this.#setOffline({ seenMs: event.seenMs });
      if (event.type === "online") this.#setOffline(undefined);
      if (event.type === "session-ended") this.#set({ status: "locked", name: readName() ?? "", hasEnded: true });
      this.#emit(event);
    };
    const server = chosenServer();
    if (isApp && server !== undefined) void engine.accounts.beApp({ server });
    void engine.accounts.listen(callback(hear));
    return engine;
  }

  #emit(event: EngineEvent): void {
    for (const listener of this.#eventListeners) listener(event);
  }

  #set(state: SessionState): void {
    this.#state = state;
    for (const listener of this.#listeners) listener();
  }

  #setOffline(offline: Offline | undefined): void {
    this.#offline = offline;
    for (const listener of this.#listeners) listener();
  }
}

/** Who was signed in in this browser last, locked or not; undefined: nobody, or they have signed out. */
export function nameHere(): string | undefined {
  return readName();
}

function readName(): string | undefined {
  try {
    return localStorage.getItem(NAME_KEY) ?? undefined;
  } catch {
    // No storage: nobody was here before.
    return undefined;
  }
}

function writeName(name: string): void {
  try {
    localStorage.setItem(NAME_KEY, name.toLowerCase());
  } catch {
    // Without storage the next visit begins at the sign-in page, which is all that is lost.
  }
}

function forgetName(): void {
  try {
    localStorage.removeItem(NAME_KEY);
  } catch {
    // There was no storage to write it to.
  }
}
