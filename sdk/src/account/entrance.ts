/** Signing up, signing in, recovering and opening: everything that ends in an open account on this device. */

import { toBase64Url } from "@excalibur/core/bytes";
import type { UserName } from "@excalibur/core/protocol";
import { LocalStateError, NetworkError, type Ports } from "../ports/index.ts";
import { GatewayError, ServerAddressError, SessionEndedError } from "../transport/errors.ts";
import { AccountSession } from "./account-session.ts";
import { AccountApi, addressOf, openTransport, seedSigner } from "./api.ts";
import {
  checkRecoveryWords,
  createRecoveryWords,
  finishRegistration,
  newId,
  ownFingerprint,
  passwordSlotKey,
  recoveryKeysFromWords,
  sealNewSlot,
  startRegistration,
} from "./crypto.ts";
import { type DeviceAccount, DeviceState, type OpenedDevice } from "./device-state.ts";
import { AlreadySignedInError, ServerAuthenticationError, SignInFailedError } from "./errors.ts";
import { createAccount } from "./genesis/crypto.ts";
import { KeyringKeeper } from "./keyring/keeper.ts";
import { deviceNameOf, parseInvitation, userNameOf } from "./names.ts";
import { demandGoodPassword } from "./passwords.ts";
import type { ClientKind, DeviceOptions, RecoverOptions, SignInOptions, SignUpOptions } from "./types.ts";
import { type Proven, proveByPassword, proveByWords } from "./ways-in.ts";
import { withoutWordsReminder } from "./words-reminder.ts";

/** How long a comparison of versions is good for. */
const COMPATIBLE_FOR_MS = 24 * 3_600_000;

/** What a sign-up gives. The words are shown once and kept by nobody: without them a forgotten password loses everything. */
export interface SignedUp {
  readonly recoveryWords: readonly string[];
  /** undefined: the account could not be opened yet; `problem` says why. */
  readonly account: AccountSession | undefined;
  readonly problem: Error | undefined;
  /** false: the connection broke before the server's answer, so the account may or may not exist. Keep the words and try to sign in. */
  readonly confirmed: boolean;
}

/** Words that are shown, written down and checked before anything is changed. */
export interface NewRecoveryWords {
  readonly words: readonly string[];
  /** From then on these words hold and the old ones are worthless. May be tried again; without an answer keep both. */
  confirm(options?: { readonly signal?: AbortSignal }): Promise<void>;
}

interface Reproven {
  readonly api: AccountApi;
  readonly proven: Proven;
}

export class Entrance {
  readonly #ports: Ports;
  readonly #state: DeviceState;

  constructor(ports: Ports) {
    this.#ports = ports;
    this.#state = new DeviceState(ports.cache, ports.secrets);
  }

  /** Throws UserNameError, WeakPasswordError, InvitationFormatError, ServerAddressError before anything is sent; ApiError name_taken, invite_* and sign_up_closed when the server refuses. */
  async signUp(options: SignUpOptions): Promise<SignedUp> {
    const name = userNameOf(options.name);
    demandGoodPassword(options.password, name);
    const invitation = options.invite === undefined ? undefined : parseInvitation(options.invite);
    const server = options.server ?? invitation?.server;
    if (server === undefined) throw new ServerAddressError("The address of the server is missing. Nothing was sent.");
    const { password, signal } = options;
    const device: DeviceOptions = { ...options, server };
    await this.#demandNobodyElse(server, name);

    const api = this.#api(server);
    // The first commit carries a time that the server compares with its own.
    await api.transport.learnClock(signal);
    const account = { name, userId: newId(), invite: invitation?.code };
    const start = await startRegistration(password);
    const response = await api.signUpStart(account, start.request, { signal });
    const registration = await finishRegistration(start, { name, response });
    const { exportKey, record: registrationRecord } = registration;
    const made = await createAccount({ userId: account.userId, name, exportKey, nowMs: api.transport.nowMs() });
    const { recoveryWords } = made;
    try {
      await api.signUp(account, { ...made, registrationRecord }, { signal });
    } catch (problem) {
      // Nobody knows whether it arrived: if it did, these words are the only ones there will ever be.
      if (!(problem instanceof NetworkError || problem instanceof GatewayError)) throw problem;
      return { recoveryWords, account: undefined, problem, confirmed: false };
    }
    try {
      const opened = await this.signIn({ ...device, name, password });
      return { recoveryWords, account: opened, problem: undefined, confirmed: true };
    } catch (error) {
      return { recoveryWords, account: undefined, problem: error as Error, confirmed: true };
    }
  }

  /** Throws SignInFailedError, AlreadySignedInError, SlotAuthError, ServerAuthenticationError, RollbackError, ForkError. */
  async signIn(options: SignInOptions): Promise<AccountSession> {
    const name = userNameOf(options.name);
    const known = await this.#demandNobodyElse(options.server, name);
    const api = this.#api(options.server);
    const proven = await proveByPassword(api, { ...options, name, expectedUserId: known?.userId });
    return await this.#settle(api, proven, { ...options, known });
  }

  /** As `signIn`, but by the recovery words; sets a new password and ends every other session. Throws RecoveryWordsError, RecoveryFailedError. */
  async recover(options: RecoverOptions): Promise<AccountSession> {
    const name = userNameOf(options.name);
    demandGoodPassword(options.newPassword, name);
    checkRecoveryWords(options.words);
    const known = await this.#demandNobodyElse(options.server, name);
    const api = this.#api(options.server);
    const proven = await proveByWords(api, { ...options, name, expectedUserId: known?.userId });
    const authenticated = this.#withSession(api, proven);
    await setPassword(authenticated, proven, options.newPassword, options.signal);
    const session = await this.#settle(api, proven, { ...options, known });
    const { signal } = options;
    await session.note("recovered by the recovery words; new password", { signal, also: withoutWordsReminder });
    return session;
  }

  /** The account of this device as it was left. Asks no server. Throws NotSignedInError, LockedError. */
  async open(): Promise<AccountSession> {
    return await this.#opened(await this.#state.open());
  }

  /** Unlocks with the secret that AccountSession.guard gave. Asks no server. Throws NotSignedInError, LockedError. */
  async openGuarded(secret: Uint8Array): Promise<AccountSession> {
    return await this.#opened(await this.#state.openGuarded(secret));
  }

  /** Whether this device can be unlocked so. */
  async isGuarded(): Promise<boolean> {
    return await this.#state.isGuarded();
  }

  async #opened({ device, account, sessionSeed }: OpenedDevice): Promise<AccountSession> {
    const contact = await this.#state.readContact();
    const compatibleMs = this.#ports.clock.nowMs() - (contact.compatibleMs ?? 0);
    const transport = openTransport(this.#ports, addressOf(device.server), {
      ...this.#noteContact,
      session: seedSigner(device.sessionId, sessionSeed),
      clockOffsetMs: contact.clockOffsetMs ?? 0,
      compatibilityKnown: compatibleMs >= 0 && compatibleMs < COMPATIBLE_FOR_MS,
      onSessionEnded: () => this.#newerSession(device.userId),
    });
    const api = new AccountApi(transport);
    const keeperOptions = { cache: this.#ports.cache, account, row: device.userId };
    const keeper = (await KeyringKeeper.remembered(keeperOptions)) ?? (await KeyringKeeper.fetched(keeperOptions, api));
    return new AccountSession({ ports: this.#ports, state: this.#state, api, device, account, keeper });
  }

  /** What this device keeps of an account, gone, opened or not. Asks no server. */
  async forget(): Promise<void> {
    await this.#state.forget();
  }

  /** Re-proves the account, replaces record and slot, ends every other session. Throws SignInFailedError, WeakPasswordError. */
  async changePassword(
    session: AccountSession,
    passwords: { readonly current: string; readonly next: string },
    signal?: AbortSignal,
  ): Promise<void> {
    demandGoodPassword(passwords.next, session.name);
    const { api, proven } = await this.#proveAgain(session, passwords.current, signal);
    await setPassword(api, proven, passwords.next, signal);
    await session.continueWith({ sessionId: proven.sessionId, seed: proven.sessionSeed });
    await session.note("new password", { signal });
  }

  /** Proves the password and makes words that count for nothing before `confirm`. Throws SignInFailedError. */
  async newRecoveryWords(session: AccountSession, password: string, signal?: AbortSignal): Promise<NewRecoveryWords> {
    // Nobody writes down words for nothing: a wrong password is told first. Confirming may come much later and proves it anew.
    await this.#endSession(await this.#proveAgain(session, password, signal));
    const words = createRecoveryWords();
    return {
      words,
      confirm: async (options = {}) => {
        const again = await this.#proveAgain(session, password, options.signal);
        const { account } = again.proven;
        const { proof, slotKey } = recoveryKeysFromWords(words.join(" "), account.userId);
        try {
          const slot = await sealNewSlot(account, { type: "recovery", slotKey });
          await again.api.changeRecovery(proof.publicKey, slot, options);
        } finally {
          await this.#endSession(again);
        }
        // A reminder of words that open nothing any more must not stay: then this is tried again.
        if (session.hasUncheckedWords) await session.wordsAreKept("new recovery words", options.signal);
        else await session.note("new recovery words", options);
      },
    };
  }

  /** Deletes the account with everything in it, for ever, then forgets it here. Throws SignInFailedError, ApiError. */
  async deleteAccount(session: AccountSession, password: string, signal?: AbortSignal): Promise<void> {
    const { api } = await this.#proveAgain(session, password, signal);
    try {
      await api.deleteAccount({ signal });
    } catch (error) {
      // The answer to the first attempt was lost, and the second has no session any more.
      if (!(error instanceof SessionEndedError) || !(await this.#isGone(session, password, signal))) throw error;
    }
    await session.forget();
  }

  async #isGone(session: AccountSession, password: string, signal: AbortSignal | undefined): Promise<boolean> {
    try {
      await this.#endSession(await this.#proveAgain(session, password, signal));
      return false;
    } catch (error) {
      // Of a name that is nobody's a server says an id that is nobody's, too.
      if (error instanceof SignInFailedError || error instanceof ServerAuthenticationError) return true;
      throw error;
    }
  }

  /** A session of its own, seconds old, for what needs one. Throws SignInFailedError. */
  async #proveAgain(session: AccountSession, password: string, signal: AbortSignal | undefined): Promise<Reproven> {
    const { server, name, deviceName, client, userId } = session.parts.device;
    const api = this.#api(server);
    const options = { name, deviceName, client, signal, expectedUserId: userId };
    const proven = await proveByPassword(api, { ...options, password });
    return { api: this.#withSession(api, proven), proven };
  }

  #api(server: string): AccountApi {
    return new AccountApi(openTransport(this.#ports, addressOf(server), this.#noteContact));
  }

  #withSession(api: AccountApi, proven: Proven): AccountApi {
    const userId = toBase64Url(proven.account.userId);
    const onSessionEnded = () => this.#newerSession(userId);
    const signer = seedSigner(proven.sessionId, proven.sessionSeed);
    return new AccountApi(api.transport.withSession(signer, { onSessionEnded }));
  }

  /** The account that this device knows, if it is the one that is meant. */
  async #demandNobodyElse(server: string, name: UserName): Promise<DeviceAccount | undefined> {
    let known: DeviceAccount | undefined;
    try {
      known = await this.#state.read();
    } catch (error) {
      if (!(error instanceof LocalStateError)) throw error;
      this.#ports.logger.warn("the state of this device was damaged and is replaced");
    }
    if (known !== undefined && (known.name !== name || known.server !== addressOf(server).text)) {
      throw new AlreadySignedInError();
    }
    return known;
  }

  /** What every way in ends with: keyring accepted, account and session kept, the session before ended. */
  async #settle(
    api: AccountApi,
    proven: Proven,
    options: {
      readonly known: DeviceAccount | undefined;
      readonly mergeKeyring?: boolean | undefined;
      readonly deviceName: string;
      readonly client: ClientKind;
      readonly signal?: AbortSignal | undefined;
    },
  ): Promise<AccountSession> {
    const { account, name, homeVolumeId, sessionId, sessionSeed } = proven;
    const authenticated = this.#withSession(api, proven);
    const { cache } = this.#ports;
    const userId = toBase64Url(account.userId) as DeviceAccount["userId"];
    const load = options.mergeKeyring ? KeyringKeeper.reconciled : KeyringKeeper.fetched;
    const keeper = await load({ cache, account, row: userId }, authenticated, options.signal);
    const { keyring } = keeper;
    if (toBase64Url(keyring.homeVolumeId) !== homeVolumeId) throw new ServerAuthenticationError("home volume");
    const left = options.known === undefined ? undefined : await this.#state.sessionLeftBehind(account);
    const device = await this.#state.keep(
      {
        ...{
          server: addressOf(api.transport.address).text,
          name,
          userId,
          homeVolumeId,
          sessionId,
          client: options.client,
        },
        deviceName: deviceNameOf(options.deviceName),
        fingerprint: toBase64Url(await ownFingerprint(account.userId, keyring.identity)),
        identitySequence: keyring.identity.sequence,
      },
      account,
      sessionSeed,
    );
    await this.#state.noteContact({
      compatibleMs: this.#ports.clock.nowMs(),
      clockOffsetMs: authenticated.transport.clockOffsetMs,
    });
    if (left !== undefined && options.known !== undefined) await this.#endOldSession(api, options.known, left);
    return new AccountSession({ ports: this.#ports, state: this.#state, api: authenticated, device, account, keeper });
  }

  async #endOldSession(api: AccountApi, { sessionId }: DeviceAccount, seed: Uint8Array): Promise<void> {
    const old = new AccountApi(api.transport.withSession(seedSigner(sessionId, seed)));
    await this.#endSession({ api: old, proven: { sessionId } });
  }

  /** Of one that is of no use any more: what it was good for is done. */
  async #endSession({ api, proven }: { readonly api: AccountApi; readonly proven: Pick<Proven, "sessionId"> }) {
    try {
      await api.endSession(proven.sessionId);
    } catch (error) {
      // It may have ended already, and ends by itself after its unused days.
      this.#ports.logger.debug("a session was not ended", { error: (error as Error).name });
    }
  }

  /** The session that another process of this device began since. */
  async #newerSession(userId: string) {
    try {
      const now = await this.#state.open();
      return now.device.userId === userId ? seedSigner(now.device.sessionId, now.sessionSeed) : undefined;
    } catch {
      // Signed out or locked meanwhile: the call fails with what the server said.
      return undefined;
    }
  }

  get #noteContact() {
    const note = (news: Parameters<DeviceState["noteContact"]>[0]): void => {
      this.#state.noteContact(news).catch((error: unknown) => {
        this.#ports.logger.warn("contact was not noted", { error: (error as Error).name });
      });
    };
    return {
      onClockOffset: (clockOffsetMs: number) => note({ clockOffsetMs }),
      onCompatible: () => note({ compatibleMs: this.#ports.clock.nowMs() }),
    };
  }
}

/** Registers a new password and seals the account key for it: one request, so the old one works until the new one does. */
async function setPassword(
  api: AccountApi,
  proven: Proven,
  password: string,
  signal: AbortSignal | undefined,
): Promise<void> {
  const { account, name } = proven;
  const start = await startRegistration(password);
  const response = await api.passwordStart(start.request, { signal });
  const { record, exportKey } = await finishRegistration(start, { name, response });
  const slotKey = passwordSlotKey(exportKey, account.userId);
  await api.changePassword(record, await sealNewSlot(account, { type: "password", slotKey }), { signal });
}
