/** Proving an account to its server: by password, or by recovery words. Each gives a session and the account key. */

import { fromBase64Url, toBase64Url } from "@excalibur/core/bytes";
import type { SessionId, SignedIn, UserName, VolumeId } from "@excalibur/core/protocol";
import { NetworkError } from "../ports/index.ts";
import { type AccountApi, type Binding, type Challenge, createSessionKey } from "./api.ts";
import {
  type AccountKey,
  finishLogin,
  openServerSlot,
  passwordProof,
  passwordSlotKey,
  recoveryKeysFromWords,
  recoveryProof,
  type SessionToBind,
  startLogin,
} from "./crypto.ts";
import { ServerAuthenticationError } from "./errors.ts";
import { deviceNameOf } from "./names.ts";
import type { DeviceOptions } from "./types.ts";

/** A login is used up by its first attempt: when the connection breaks there, the whole exchange is done again. */
const EXCHANGES = 3;

/** A fresh session and what it may open. */
export interface Proven {
  readonly account: AccountKey;
  readonly name: UserName;
  readonly homeVolumeId: VolumeId;
  readonly sessionId: SessionId;
  readonly sessionSeed: Uint8Array;
}

export interface ProofOptions extends Pick<DeviceOptions, "deviceName" | "client" | "signal"> {
  readonly name: UserName;
  /** If this device knows the account: the server must say the same. */
  readonly expectedUserId?: string | undefined;
}

/** Throws SignInFailedError, SlotAuthError, ServerAuthenticationError. */
export function proveByPassword(
  api: AccountApi,
  options: ProofOptions & { readonly password: string },
): Promise<Proven> {
  const { name, password, signal } = options;
  return repeated(async () => {
    const start = await startLogin(password);
    const challenge = await api.signInStart(name, start.request, { signal });
    demandUser(options, challenge);
    const login = await finishLogin(start, { name, response: challenge.loginResponse });
    const { seed, publicKey } = createSessionKey();
    const session = sessionToBind(api, options, { challenge, publicKey, action: "password" });
    const proof = passwordProof(session, login.sessionKey);
    const reply = await api.signInFinish(challenge.loginId, login.finish, binding(options, session, proof), { signal });
    const slotKey = passwordSlotKey(login.exportKey, challenge.userId);
    return await proven({ reply, challenge, name, sessionSeed: seed, slot: { type: "password", slotKey } });
  });
}

/** Throws RecoveryWordsError before anything is sent, RecoveryFailedError, SlotAuthError, ServerAuthenticationError. */
export function proveByWords(api: AccountApi, options: ProofOptions & { readonly words: string }): Promise<Proven> {
  const { name, words, signal } = options;
  return repeated(async () => {
    const challenge = await api.recoveryStart(name, { signal });
    demandUser(options, challenge);
    const keys = recoveryKeysFromWords(words, challenge.userId);
    const { seed, publicKey } = createSessionKey();
    const session = sessionToBind(api, options, { challenge, publicKey, action: "recovery" });
    const proof = recoveryProof(session, keys.proof.seed);
    const reply = await api.recoveryFinish(challenge.loginId, binding(options, session, proof), { signal });
    return await proven({
      reply,
      challenge,
      name,
      sessionSeed: seed,
      slot: { type: "recovery", slotKey: keys.slotKey },
    });
  });
}

async function repeated<T>(exchange: () => Promise<T>): Promise<T> {
  for (let left = EXCHANGES; ; left--) {
    try {
      return await exchange();
    } catch (error) {
      if (left <= 1 || !(error instanceof NetworkError && error.temporary)) throw error;
    }
  }
}

function demandUser({ expectedUserId }: ProofOptions, { userId }: Challenge): void {
  if (expectedUserId !== undefined && expectedUserId !== toBase64Url(userId))
    throw new ServerAuthenticationError("user");
}

function sessionToBind(
  api: AccountApi,
  { deviceName }: ProofOptions,
  {
    challenge,
    ...rest
  }: { readonly challenge: Challenge; readonly publicKey: Uint8Array; readonly action: "password" | "recovery" },
): SessionToBind {
  const { loginId, serverNonce, userId } = challenge;
  return { ...rest, loginId, serverNonce, userId, origin: api.transport.origin, deviceName: deviceNameOf(deviceName) };
}

function binding(
  { client }: ProofOptions,
  { origin, publicKey, deviceName }: SessionToBind,
  proof: Uint8Array,
): Binding {
  return { origin, publicKey, deviceName, client, proof };
}

interface Answer {
  readonly reply: SignedIn;
  readonly challenge: Challenge;
  readonly name: UserName;
  readonly sessionSeed: Uint8Array;
  readonly slot: { readonly type: "password" | "recovery"; readonly slotKey: Uint8Array };
}

async function proven({ reply, challenge, name, sessionSeed, slot }: Answer): Promise<Proven> {
  const { userId } = challenge;
  if (toBase64Url(userId) !== reply.userId) throw new ServerAuthenticationError("user");
  if (reply.name !== name) throw new ServerAuthenticationError("name");
  const account = await openServerSlot(reply.slot, { userId: fromBase64Url(reply.userId), ...slot });
  return { account, name, homeVolumeId: reply.homeVolumeId, sessionId: reply.sessionId, sessionSeed };
}
