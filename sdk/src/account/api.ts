/** The only file of this room that speaks to the server. */

import { fromBase64Url, toBase64Url } from "@excalibur/core/bytes";
import {
  changePassword,
  changeRecovery,
  deleteAccount,
  endSession,
  getAccount,
  getKeyring,
  getKeyringHashes,
  getStorage,
  getVersion,
  type InviteCode,
  type LoginId,
  listSessions,
  passwordStart,
  putKeyring,
  recoveryFinish,
  recoveryStart,
  type SessionBinding,
  type SessionId,
  type SignedIn,
  type Slot,
  signInFinish,
  signInStart,
  signUp,
  signUpStart,
  type UserId,
  type UserName,
} from "@excalibur/core/protocol";
import type { Ports } from "../ports/index.ts";
import {
  ApiError,
  addressText,
  createSessionKey,
  HttpTransport,
  type HttpTransportOptions,
  parseServerAddress,
  type ServerAddress,
  seedSigner,
} from "../transport/index.ts";
import { RecoveryFailedError, SignInFailedError, UnknownAddressError } from "./errors.ts";
import type { NewAccount } from "./genesis/crypto.ts";
import type { AccountStorage, ServerStatus, SessionStatus } from "./types.ts";

export { createSessionKey, seedSigner };

/** A server's address, parsed from what a person typed, and its one spelling. Throws ServerAddressError. */
export function addressOf(server: string | ServerAddress): ServerAddress & { readonly text: string } {
  const address = typeof server === "string" ? parseServerAddress(server) : server;
  return { ...address, text: addressText(address) };
}

type ContactOptions = Omit<HttpTransportOptions, "address" | "http" | "clock" | "logger">;

export function openTransport(
  { http, clock, logger }: Ports,
  address: ServerAddress,
  contact: ContactOptions,
): HttpTransport {
  return new HttpTransport({ ...contact, address, http, clock, logger });
}

export interface Challenge {
  readonly loginId: Uint8Array;
  readonly serverNonce: Uint8Array;
  readonly userId: Uint8Array;
}

export interface SealedKeyring {
  readonly version: number;
  readonly generation: number;
  readonly sealed: Uint8Array;
}

interface Options {
  readonly signal?: AbortSignal | undefined;
}

/** A session binding with bytes still bytes. */
export interface Binding extends Pick<SessionBinding, "deviceName" | "client" | "origin"> {
  readonly publicKey: Uint8Array;
  readonly proof: Uint8Array;
}

function abortable({ signal }: Options): { signal?: AbortSignal } {
  return signal === undefined ? {} : { signal };
}

function wireBinding({ publicKey, proof, ...rest }: Binding): SessionBinding {
  return { ...rest, publicKey: toBase64Url(publicKey), proof: toBase64Url(proof) };
}

export class AccountApi {
  readonly transport: HttpTransport;

  constructor(transport: HttpTransport) {
    this.transport = transport;
  }

  /** The server's half of a registration; refuses early what would be refused later. */
  async signUpStart(
    account: { readonly name: UserName; readonly userId: Uint8Array; readonly invite: InviteCode | undefined },
    registrationRequest: Uint8Array,
    options: Options = {},
  ): Promise<Uint8Array> {
    const { name, userId, invite } = account;
    const body = {
      name,
      userId: toBase64Url(userId) as UserId,
      registrationRequest: toBase64Url(registrationRequest),
      ...(invite === undefined ? {} : { invite }),
    };
    const reply = await this.transport.call(signUpStart, { body, ...abortable(options) });
    return fromBase64Url(reply.registrationResponse);
  }

  /** Sent again with the same content it answers the same, so the transport may repeat it. */
  async signUp(
    account: { readonly name: UserName; readonly userId: Uint8Array; readonly invite: InviteCode | undefined },
    made: NewAccount & { readonly registrationRecord: Uint8Array },
    options: Options = {},
  ): Promise<void> {
    const { name, userId, invite } = account;
    const body = {
      name,
      userId: toBase64Url(userId) as UserId,
      ...(invite === undefined ? {} : { invite }),
      registrationRecord: toBase64Url(made.registrationRecord),
      slots: [...made.slots],
      recoveryPublicKey: toBase64Url(made.recoveryPublicKey),
      keyring: toBase64Url(made.keyring),
      identity: toBase64Url(made.identity),
      homeVolume: made.homeVolume,
    };
    await this.transport.call(signUp, { body, ...abortable(options) });
  }

  async signInStart(
    name: UserName,
    loginRequest: Uint8Array,
    options: Options = {},
  ): Promise<Challenge & { readonly loginResponse: Uint8Array }> {
    const body = { name, loginRequest: toBase64Url(loginRequest) };
    const reply = await this.transport.call(signInStart, { body, ...abortable(options) });
    return { ...challenge(reply), loginResponse: fromBase64Url(reply.loginResponse) };
  }

  /** Never repeated by itself: the login is used up by the first attempt. Throws SignInFailedError, UnknownAddressError. */
  async signInFinish(
    loginId: Uint8Array,
    loginFinish: Uint8Array,
    session: Binding,
    options: Options = {},
  ): Promise<SignedIn> {
    const body = {
      loginId: toBase64Url(loginId) as LoginId,
      loginFinish: toBase64Url(loginFinish),
      session: wireBinding(session),
    };
    try {
      return await this.transport.call(signInFinish, { body, attempts: 1, ...abortable(options) });
    } catch (error) {
      throw isCode(error, "sign_in_failed") ? new SignInFailedError() : orUnknownAddress(error, session);
    }
  }

  async recoveryStart(name: UserName, options: Options = {}): Promise<Challenge> {
    return challenge(await this.transport.call(recoveryStart, { body: { name }, ...abortable(options) }));
  }

  /** Never repeated by itself. Throws RecoveryFailedError, UnknownAddressError. */
  async recoveryFinish(loginId: Uint8Array, session: Binding, options: Options = {}): Promise<SignedIn> {
    const body = { loginId: toBase64Url(loginId) as LoginId, session: wireBinding(session) };
    try {
      return await this.transport.call(recoveryFinish, { body, attempts: 1, ...abortable(options) });
    } catch (error) {
      throw isCode(error, "recovery_failed") ? new RecoveryFailedError() : orUnknownAddress(error, session);
    }
  }

  async passwordStart(registrationRequest: Uint8Array, options: Options = {}): Promise<Uint8Array> {
    const body = { registrationRequest: toBase64Url(registrationRequest) };
    const reply = await this.transport.call(passwordStart, { body, ...abortable(options) });
    return fromBase64Url(reply.registrationResponse);
  }

  async changePassword(registrationRecord: Uint8Array, slot: Slot, options: Options = {}): Promise<void> {
    const body = { registrationRecord: toBase64Url(registrationRecord), slot, endOtherSessions: true };
    await this.transport.call(changePassword, { body, ...abortable(options) });
  }

  async changeRecovery(recoveryPublicKey: Uint8Array, slot: Slot, options: Options = {}): Promise<void> {
    const body = { recoveryPublicKey: toBase64Url(recoveryPublicKey), slot };
    await this.transport.call(changeRecovery, { body, ...abortable(options) });
  }

  async deleteAccount(options: Options = {}): Promise<void> {
    await this.transport.call(deleteAccount, abortable(options));
  }

  async keyring(options: Options = {}): Promise<SealedKeyring> {
    const { version, generation, sealed } = await this.transport.call(getKeyring, abortable(options));
    return { version, generation, sealed: fromBase64Url(sealed) };
  }

  /** The server's hashes of the versions after `after` and before `until`, oldest first; fewer when it does not have them. */
  async keyringHashes(
    range: { readonly after: number; readonly until: number },
    options: Options = {},
  ): Promise<Uint8Array[]> {
    const wanted = range.until - range.after - 1;
    const hashes: Uint8Array[] = [];
    while (hashes.length < wanted) {
      const query = { after: range.after + hashes.length };
      const reply = await this.transport.call(getKeyringHashes, { query, ...abortable(options) });
      if (reply.hashes.length === 0) break;
      hashes.push(...reply.hashes.map(fromBase64Url));
    }
    return hashes.slice(0, wanted);
  }

  /** False when somebody was quicker. */
  async putKeyring(
    expectedVersion: number,
    keyring: Omit<SealedKeyring, "version">,
    options: Options & { attempts?: number } = {},
  ): Promise<boolean> {
    const body = { expectedVersion, generation: keyring.generation, sealed: toBase64Url(keyring.sealed) };
    const { attempts } = options;
    try {
      await this.transport.call(putKeyring, {
        body,
        ...abortable(options),
        ...(attempts === undefined ? {} : { attempts }),
      });
      return true;
    } catch (error) {
      if (isCode(error, "version_conflict")) return false;
      throw error;
    }
  }

  async endSession(sessionId: SessionId, options: Options = {}): Promise<void> {
    await this.transport.call(endSession, {
      params: { sessionId },
      attempts: 2,
      timeoutMs: 10_000,
      ...abortable(options),
    });
  }

  async sessions(options: Options = {}): Promise<SessionStatus[]> {
    return (await this.transport.call(listSessions, abortable(options))).sessions;
  }

  async storage(options: Options = {}): Promise<AccountStorage> {
    return await this.transport.call(getStorage, abortable(options));
  }

  /** Asks once and gives up soon: for `status`, which must not hang. */
  async status(options: Options = {}): Promise<ServerStatus> {
    const once = { attempts: 1, timeoutMs: 10_000, ...abortable(options) };
    const { version } = await this.transport.call(getVersion, once);
    const { admin, usedBytes, quotaBytes, keyringVersion } = await this.transport.call(getAccount, once);
    const { sessions } = await this.transport.call(listSessions, once);
    return { version, admin, usedBytes, quotaBytes, keyringVersion, sessions };
  }
}

function challenge(reply: {
  readonly loginId: LoginId;
  readonly serverNonce: string;
  readonly userId: UserId;
}): Challenge {
  return {
    loginId: fromBase64Url(reply.loginId),
    serverNonce: fromBase64Url(reply.serverNonce),
    userId: fromBase64Url(reply.userId),
  };
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof ApiError && error.code === code;
}

/** The one malformed request that people make: the form is right, the address in it is not the server's. */
function orUnknownAddress(error: unknown, { origin }: Binding): unknown {
  const isAboutOrigin = error instanceof ApiError && error.code === "bad_request" && error.facts.reason === "origin";
  return isAboutOrigin ? new UnknownAddressError(origin) : error;
}
