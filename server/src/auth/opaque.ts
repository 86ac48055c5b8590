import { ExcaliburError } from "@excalibur/core/bytes";
import {
  opaqueClientStartLogin,
  opaqueCreateRegistrationResponse,
  opaqueServerFinishLogin,
  opaqueServerStartLogin,
} from "@excalibur/core/primitives";
import { Refusal } from "../refusal.ts";

/** RFC 9807, record of ristretto255-SHA512: client key 32, masking key 64, envelope 96. */
const RECORD_BYTES = 192;

export function identifiersOf(name: string): { client: string; server: string } {
  return { client: `exc:${name}`, server: "excalibur:v1" };
}

/** What a client sent does not parse: its own doing, whoever it is. */
async function asBadRequest<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof ExcaliburError) throw new Refusal("bad_request", { reason: "opaque" }, error);
    throw error;
  }
}

/** First half of a registration; keeps nothing. @throws Refusal bad_request */
export function answerRegistration(
  serverSetup: Uint8Array,
  userId: Uint8Array,
  request: Uint8Array,
): Promise<Uint8Array> {
  return asBadRequest(() => opaqueCreateRegistrationResponse({ serverSetup, credentialIdentifier: userId, request }));
}

export interface LoginStart {
  readonly serverSetup: Uint8Array;
  readonly record: Uint8Array;
  readonly userId: Uint8Array;
  readonly name: string;
  readonly request: Uint8Array;
}

/** First half of a sign-in. @throws Refusal bad_request */
export function answerLogin({ serverSetup, record, userId, name, request }: LoginStart) {
  const identifiers = identifiersOf(name);
  return asBadRequest(() =>
    opaqueServerStartLogin({ serverSetup, record, credentialIdentifier: userId, request, identifiers }),
  );
}

/** The session key both sides know now, or undefined: wrong password, malformed, made for another login. */
export async function finishLogin(
  serverState: Uint8Array,
  finish: Uint8Array,
  name: string,
): Promise<Uint8Array | undefined> {
  try {
    return await opaqueServerFinishLogin({ serverState, finish, identifiers: identifiersOf(name) });
  } catch (error) {
    if (error instanceof ExcaliburError) return undefined;
    throw error;
  }
}

/** Whether anybody could ever sign in with this record; a garbled one would lock its owner out without a word. */
export async function isUsableRecord(serverSetup: Uint8Array, record: Uint8Array): Promise<boolean> {
  if (record.length !== RECORD_BYTES) return false;
  const { request } = await opaqueClientStartLogin("any password");
  try {
    const credentialIdentifier = new Uint8Array(16);
    await opaqueServerStartLogin({
      serverSetup,
      record,
      credentialIdentifier,
      request,
      identifiers: identifiersOf("any"),
    });
    return true;
  } catch (error) {
    if (error instanceof ExcaliburError) return false;
    throw error;
  }
}
