import { type Bytes, fromBase64Url, toBase64Url } from "@excalibur/core/bytes";
import { EXEF_KIND } from "@excalibur/core/exef/public";
import { originHash, type SessionAction, sessionBindMac, sessionBindMessage } from "@excalibur/core/identity";
import { signLabelled } from "@excalibur/core/labels";
import {
  opaqueClientFinishLogin,
  opaqueClientFinishRegistration,
  opaqueClientStartLogin,
  opaqueClientStartRegistration,
  randomBytes,
  signatureKeyPairFromSeed,
} from "@excalibur/core/primitives";
import {
  type BodyOf,
  changePassword,
  type changeRecovery,
  passwordStart,
  recoveryFinish,
  recoveryStart,
  type SignedIn,
  signInFinish,
  signInStart,
  signUp,
  signUpStart,
} from "@excalibur/core/protocol";
import type { RunningServer } from "../index.ts";
import { createInvitation } from "../services/invitations/invitations.ts";
import { type Answer, type SessionKey, TestClient } from "./client.ts";
import { findRegistration, keepRegistration, type Registration, spareRecord } from "./made-accounts.ts";
import { opaqueBytes } from "./opaque-object.ts";
import { newPerson, type TestPerson } from "./people.ts";
import { openSession } from "./test-session.ts";
import { VolumeWriter } from "./volume-writer.ts";

const PASSWORD = "correct horse battery";

/** Everything somebody knows who has an account. Slots and keyring hold random bytes: the server cannot tell. */
export interface TestAccount {
  readonly name: string;
  readonly password: string;
  readonly person: TestPerson;
  readonly volume: VolumeWriter;
  readonly recoverySeed: Bytes;
  readonly body: BodyOf<typeof signUp>;
}

export function identifiersOf(name: string) {
  return { client: `exc:${name}`, server: "excalibur:v1" };
}

export function newSlot(type: 1 | 2 | 3 | 4, generation = 0) {
  const sealed = toBase64Url(opaqueBytes(EXEF_KIND.slot, randomBytes(16), 32));
  return { slotId: toBase64Url(randomBytes(16)), type, generation, sealed };
}

export function newKeyring(realLength = 500): string {
  return toBase64Url(opaqueBytes(EXEF_KIND.keyring, randomBytes(16), realLength));
}

export async function invite(
  server: RunningServer,
  options: { admin?: boolean; lifetimeMs?: number } = {},
): Promise<string> {
  const { database, services } = server.context;
  return (await createInvitation(database, { admin: false, nowMs: services.clock(), ...options })).code;
}

interface Newcomer {
  readonly name: string;
  readonly password: string;
  readonly withInvite: object;
  /** false: the server is asked, and what it answers is not stretched. */
  readonly signsIn: boolean;
}

/** Registers a password for somebody new, as a client does. */
async function register(client: TestClient, { name, password, withInvite, signsIn }: Newcomer): Promise<Registration> {
  const person = await newPerson(name);
  const { clientState, request } = await opaqueClientStartRegistration(password);
  const started = await client.ask(signUpStart, {
    body: { name, userId: toBase64Url(person.userId), ...withInvite, registrationRequest: toBase64Url(request) },
  });
  if (!signsIn) return { person, registrationRecord: await spareRecord() };
  const response = fromBase64Url(started.registrationResponse);
  const identifiers = identifiersOf(name);
  const { record } = await opaqueClientFinishRegistration({ password, clientState, response, identifiers });
  return { person, registrationRecord: toBase64Url(record) };
}

export interface SignUpWish {
  readonly name: string;
  readonly password?: string;
  readonly code?: string;
  readonly timeMs?: number;
  /** Then nothing is registered anew. */
  readonly made?: Registration | undefined;
  /** Whether the password is ever asked for: no, if not said. */
  readonly signsIn?: boolean;
}

/** A complete sign-up request, ready to be sent or spoilt. */
export async function prepareSignUp(client: TestClient, options: SignUpWish): Promise<TestAccount> {
  const { name, password = PASSWORD, code, signsIn = false } = options;
  const withInvite = code === undefined ? {} : { invite: code };
  const { person, registrationRecord } =
    options.made ?? (await register(client, { name, password, withInvite, signsIn }));
  const volume = new VolumeWriter(person, options.timeMs ?? Date.now());
  const recoverySeed = randomBytes(32);
  const body = {
    name,
    userId: toBase64Url(person.userId),
    ...withInvite,
    registrationRecord,
    slots: [newSlot(1), newSlot(2)],
    recoveryPublicKey: toBase64Url(signatureKeyPairFromSeed(recoverySeed).publicKey),
    keyring: newKeyring(),
    identity: toBase64Url(person.identity.bytes),
    homeVolume: volume.newVolume(),
  } as BodyOf<typeof signUp>;
  return { name, password, person, volume, recoverySeed, body };
}

/** An account made by invitation; registered once in a run ([Note: Accounts are made once]). */
export async function createAccount(
  server: RunningServer,
  name: string,
  options: { admin?: boolean } = {},
): Promise<TestAccount> {
  const client = new TestClient(server.origin);
  const made = await findRegistration(server, name);
  const account = await prepareSignUp(client, {
    name,
    code: await invite(server, options),
    timeMs: server.context.services.clock(),
    made,
    signsIn: true,
  });
  await client.ask(signUp, { body: account.body });
  const { person, body } = account;
  if (made === undefined) await keepRegistration(server, { person, registrationRecord: body.registrationRecord });
  return account;
}

export interface SessionWish {
  readonly origin?: string;
  readonly client?: "web" | "cli" | "app";
  readonly deviceName?: string;
  /** Signs in with a key of somebody else's choice. */
  readonly publicKey?: Uint8Array;
}

interface StartedLogin {
  readonly loginId: string;
  readonly serverNonce: string;
  readonly userId: string;
}

function bind(
  action: SessionAction,
  started: StartedLogin,
  wish: SessionWish & { origin: string },
  prove: (message: Uint8Array) => Uint8Array,
) {
  const seed = randomBytes(32);
  const publicKey = wish.publicKey ?? signatureKeyPairFromSeed(seed).publicKey;
  const deviceName = wish.deviceName ?? "laptop";
  const message = sessionBindMessage({
    action,
    loginId: fromBase64Url(started.loginId),
    serverNonce: fromBase64Url(started.serverNonce),
    subjectId: fromBase64Url(started.userId),
    originHash: originHash(wish.origin),
    sessionKey: publicKey,
    deviceName,
  });
  const session = {
    origin: wish.origin,
    publicKey: toBase64Url(publicKey),
    deviceName,
    proof: toBase64Url(prove(message)),
    client: wish.client ?? "cli",
  };
  return { seed, session };
}

/** A finish that fits the password; undefined when the client itself sees that it is wrong. */
export async function prepareFinish(client: TestClient, name: string, password: string, wish: SessionWish = {}) {
  const { clientState, request } = await opaqueClientStartLogin(password);
  const started = await client.ask(signInStart, { body: { name, loginRequest: toBase64Url(request) } });
  const loggedIn = await opaqueClientFinishLogin({
    password,
    clientState,
    response: fromBase64Url(started.loginResponse),
    identifiers: identifiersOf(name),
  });
  const { seed, session } = bind("password", started, { ...wish, origin: wish.origin ?? client.origin }, (message) =>
    sessionBindMac(loggedIn.sessionKey, fromBase64Url(started.loginId), message),
  );
  return { seed, body: { loginId: started.loginId as string, loginFinish: toBase64Url(loggedIn.finish), session } };
}

/** A client with a session of its own. */
export async function signIn(
  server: RunningServer,
  account: Pick<TestAccount, "name" | "password">,
  wish: SessionWish = {},
): Promise<{ client: TestClient; signedIn: SignedIn; key: SessionKey }> {
  const client = new TestClient(server.origin);
  client.clock = server.context.services.clock;
  const { seed, body } = await prepareFinish(client, account.name, account.password, wish);
  const signedIn = (await client.ask(signInFinish, { body })) as SignedIn;
  const key = { sessionId: signedIn.sessionId, seed };
  client.session = key;
  return { client, signedIn, key };
}

/** A client whose session is put into the database: for whoever has signed in before the story begins. */
export async function enter(
  server: RunningServer,
  { person: { userId } }: Pick<TestAccount, "person">,
): Promise<{ client: TestClient; key: SessionKey }> {
  const { database, services } = server.context;
  const key = await openSession({ origin: server.origin, database, userId, nowMs: services.clock() });
  const client = new TestClient(server.origin, key);
  client.clock = services.clock;
  return { client, key };
}

/** A finish that fits the words' key (or another one). */
export async function prepareRecovery(
  client: TestClient,
  account: Pick<TestAccount, "name" | "recoverySeed">,
  wish: SessionWish = {},
) {
  const started = await client.ask(recoveryStart, { body: { name: account.name } });
  const { seed, session } = bind("recovery", started, { ...wish, origin: wish.origin ?? client.origin }, (message) =>
    signLabelled("recover", account.recoverySeed, message),
  );
  return { seed, body: { loginId: started.loginId as string, session } };
}

/** Recovery by the words' key (or another one). */
export async function recover(
  server: RunningServer,
  account: Pick<TestAccount, "name" | "recoverySeed">,
  wish: SessionWish = {},
): Promise<{ client: TestClient; answer: Answer }> {
  const client = new TestClient(server.origin);
  client.clock = server.context.services.clock;
  const { seed, body } = await prepareRecovery(client, account, wish);
  const answer = await client.call(recoveryFinish, { body });
  if (answer.status === 200) client.session = { sessionId: answer.json.sessionId, seed };
  return { client, answer };
}

/** A body that sets a new password, for a client that is signed in; the refusal if it may not even begin. */
export async function preparePassword(
  client: TestClient,
  account: Pick<TestAccount, "name">,
  next: string,
  options: { endOtherSessions?: boolean; generation?: number } = {},
) {
  const { clientState, request } = await opaqueClientStartRegistration(next);
  const started = await client.call(passwordStart, { body: { registrationRequest: toBase64Url(request) } });
  if (started.status !== 200) return { refused: started };
  const response = fromBase64Url(started.json.registrationResponse);
  const identifiers = identifiersOf(account.name);
  const { record } = await opaqueClientFinishRegistration({ password: next, clientState, response, identifiers });
  const { endOtherSessions = true, generation = 0 } = options;
  return { body: { registrationRecord: toBase64Url(record), slot: newSlot(1, generation), endOtherSessions } };
}

/** What replaces the words' key: of a seed of one's choice, or a fresh one. */
export function recoveryBody(
  options: { readonly seed?: Uint8Array; readonly generation?: number } = {},
): BodyOf<typeof changeRecovery> {
  const { seed = randomBytes(32), generation = 0 } = options;
  const recoveryPublicKey = toBase64Url(signatureKeyPairFromSeed(seed).publicKey);
  return { recoveryPublicKey, slot: newSlot(2, generation) } as BodyOf<typeof changeRecovery>;
}

/** Sets a new password with a client that is signed in. */
export async function setPassword(
  client: TestClient,
  account: Pick<TestAccount, "name">,
  next: string,
  options: { endOtherSessions?: boolean; generation?: number } = {},
): Promise<Answer> {
  const { refused, body } = await preparePassword(client, account, next, options);
  return refused ?? client.call(changePassword, { body });
}
