import type * as Library from "@serenity-kit/opaque";
import { type Bytes, FormatError, fromBase64Url, toBase64Url } from "../bytes/index.ts";
import { PasswordRefusedError } from "./errors.ts";
import { ARGON2ID_SUITE_1, encodePassword } from "./password-kdf.ts";

// Never one of the library's presets: they may change with its version, and one of them takes 2 GiB.
const KEY_STRETCHING = {
  "argon2id-custom": {
    memory: ARGON2ID_SUITE_1.memoryKiB,
    iterations: ARGON2ID_SUITE_1.passes,
    parallelism: ARGON2ID_SUITE_1.parallelism,
  },
};

/** Both sides must name the same pair, or the login fails (RFC 9807 §6.4.4). */
export interface OpaqueIdentifiers {
  readonly client: string;
  readonly server: string;
}

let library: Promise<typeof Library> | undefined;

async function load(): Promise<typeof Library> {
  const opaque = await import("@serenity-kit/opaque");
  await opaque.ready;
  return opaque;
}

function opaqueLibrary(): Promise<typeof Library> {
  library ??= load();
  return library;
}

/** Loads and compiles the WASM module. Every function here does so by itself; call it early to save the time later. */
export async function opaqueReady(): Promise<void> {
  await opaqueLibrary();
}

// ── client ────────────────────────────────────────────────────────────────────────────────────────────────────────

export interface OpaqueClientRegistrationStarted {
  readonly clientState: Bytes;
  readonly request: Bytes;
}

export async function opaqueClientStartRegistration(password: string): Promise<OpaqueClientRegistrationStarted> {
  const { client } = await opaqueLibrary();
  const started = client.startRegistration({ password: normalized(password) });
  return {
    clientState: fromBase64Url(started.clientRegistrationState),
    request: fromBase64Url(started.registrationRequest),
  };
}

export interface OpaqueClientFinishRegistrationOptions {
  readonly password: string;
  readonly clientState: Uint8Array;
  readonly response: Uint8Array;
  readonly identifiers: OpaqueIdentifiers;
}

export interface OpaqueClientRegistered {
  /** For the server: opens nothing without the password and the server's setup. */
  readonly record: Bytes;
  /** 64 bytes that only this password and this server's setup give; opens the password slot. */
  readonly exportKey: Bytes;
  readonly serverPublicKey: Bytes;
}

/** Blocks its thread for about 0.4 s while it stretches the password. */
export async function opaqueClientFinishRegistration(
  options: OpaqueClientFinishRegistrationOptions,
): Promise<OpaqueClientRegistered> {
  const { client } = await opaqueLibrary();
  const finished = attempt("answer", () =>
    client.finishRegistration({
      password: normalized(options.password),
      clientRegistrationState: toBase64Url(options.clientState),
      registrationResponse: toBase64Url(options.response),
      identifiers: options.identifiers,
      keyStretching: KEY_STRETCHING,
    }),
  );
  return {
    record: fromBase64Url(finished.registrationRecord),
    exportKey: fromBase64Url(finished.exportKey),
    serverPublicKey: fromBase64Url(finished.serverStaticPublicKey),
  };
}

export interface OpaqueClientLoginStarted {
  readonly clientState: Bytes;
  readonly request: Bytes;
}

export async function opaqueClientStartLogin(password: string): Promise<OpaqueClientLoginStarted> {
  const { client } = await opaqueLibrary();
  const started = client.startLogin({ password: normalized(password) });
  return { clientState: fromBase64Url(started.clientLoginState), request: fromBase64Url(started.startLoginRequest) };
}

export interface OpaqueClientFinishLoginOptions {
  readonly password: string;
  readonly clientState: Uint8Array;
  readonly response: Uint8Array;
  readonly identifiers: OpaqueIdentifiers;
}

export interface OpaqueClientLoggedIn {
  readonly finish: Bytes;
  /** 64 bytes, known to both sides now. */
  readonly sessionKey: Bytes;
  readonly exportKey: Bytes;
  readonly serverPublicKey: Bytes;
}

/**
 * Blocks its thread for about 0.4 s. Throws PasswordRefusedError if the password is wrong, the account unknown or the
 * server not the one that registered it: the protocol cannot tell these apart, on purpose.
 */
export async function opaqueClientFinishLogin(options: OpaqueClientFinishLoginOptions): Promise<OpaqueClientLoggedIn> {
  const { client } = await opaqueLibrary();
  const finished = attempt("answer", () =>
    client.finishLogin({
      password: normalized(options.password),
      clientLoginState: toBase64Url(options.clientState),
      loginResponse: toBase64Url(options.response),
      identifiers: options.identifiers,
      keyStretching: KEY_STRETCHING,
    }),
  );
  if (finished === undefined) throw new PasswordRefusedError();
  return {
    finish: fromBase64Url(finished.finishLoginRequest),
    sessionKey: fromBase64Url(finished.sessionKey),
    exportKey: fromBase64Url(finished.exportKey),
    serverPublicKey: fromBase64Url(finished.serverStaticPublicKey),
  };
}

// ── server ────────────────────────────────────────────────────────────────────────────────────────────────────────

/** Fresh long-term secrets of a server. They belong into the secrets file, never into the database. */
export async function opaqueCreateServerSetup(): Promise<Bytes> {
  const { server } = await opaqueLibrary();
  return fromBase64Url(server.createSetup());
}

export async function opaqueServerPublicKey(serverSetup: Uint8Array): Promise<Bytes> {
  const { server } = await opaqueLibrary();
  return fromBase64Url(attempt("server setup", () => server.getPublicKey(toBase64Url(serverSetup))));
}

export interface OpaqueRegistrationResponseOptions {
  readonly serverSetup: Uint8Array;
  /** The userId; used as its base64url text, because the library takes text only. */
  readonly credentialIdentifier: Uint8Array;
  readonly request: Uint8Array;
}

export async function opaqueCreateRegistrationResponse(options: OpaqueRegistrationResponseOptions): Promise<Bytes> {
  const { server } = await opaqueLibrary();
  const answered = attempt("registration request", () =>
    server.createRegistrationResponse({
      serverSetup: toBase64Url(options.serverSetup),
      userIdentifier: toBase64Url(options.credentialIdentifier),
      registrationRequest: toBase64Url(options.request),
    }),
  );
  return fromBase64Url(answered.registrationResponse);
}

export interface OpaqueServerStartLoginOptions {
  readonly serverSetup: Uint8Array;
  /** Undefined for an unknown user: the answer is then a fake of the same shape. */
  readonly record: Uint8Array | undefined;
  readonly credentialIdentifier: Uint8Array;
  readonly request: Uint8Array;
  readonly identifiers: OpaqueIdentifiers;
}

export interface OpaqueServerLoginStarted {
  readonly serverState: Bytes;
  readonly response: Bytes;
}

export async function opaqueServerStartLogin(
  options: OpaqueServerStartLoginOptions,
): Promise<OpaqueServerLoginStarted> {
  const { server } = await opaqueLibrary();
  const started = attempt("login request", () =>
    server.startLogin({
      serverSetup: toBase64Url(options.serverSetup),
      registrationRecord: options.record === undefined ? undefined : toBase64Url(options.record),
      userIdentifier: toBase64Url(options.credentialIdentifier),
      startLoginRequest: toBase64Url(options.request),
      identifiers: options.identifiers,
    }),
  );
  return { serverState: fromBase64Url(started.serverLoginState), response: fromBase64Url(started.loginResponse) };
}

export interface OpaqueServerFinishLoginOptions {
  readonly serverState: Uint8Array;
  readonly finish: Uint8Array;
  readonly identifiers: OpaqueIdentifiers;
}

/** The session key, or PasswordRefusedError if the client did not prove the password. */
export async function opaqueServerFinishLogin(options: OpaqueServerFinishLoginOptions): Promise<Bytes> {
  const { server } = await opaqueLibrary();
  const sessionKey = unlessThrown(() => {
    const finished = server.finishLogin({
      serverLoginState: toBase64Url(options.serverState),
      finishLoginRequest: toBase64Url(options.finish),
      identifiers: options.identifiers,
    });
    return finished.sessionKey;
  });
  if (sessionKey === undefined) throw new PasswordRefusedError();
  return fromBase64Url(sessionKey);
}

function normalized(password: string): string {
  encodePassword(password);
  return password.normalize("NFKC");
}

// The library throws plain errors on bytes it cannot parse.
function attempt<T>(what: string, work: () => T): T {
  try {
    return work();
  } catch (cause) {
    throw new FormatError(`The OPAQUE ${what} is malformed.`, { cause });
  }
}

// To the library a wrong proof and malformed bytes are both errors; to us both are a refused password.
function unlessThrown<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}
