import { describe, expect, it } from "vitest";
import { FormatError } from "../bytes/index.ts";
import {
  opaqueClientFinishLogin,
  opaqueClientFinishRegistration,
  opaqueClientStartLogin,
  opaqueClientStartRegistration,
  opaqueCreateRegistrationResponse,
  opaqueCreateServerSetup,
  opaqueReady,
  opaqueServerFinishLogin,
  opaqueServerPublicKey,
  opaqueServerStartLogin,
  PasswordRefusedError,
  randomBytes,
} from "./index.ts";

const identifiers = { client: "exc:alice", server: "excalibur:v1" };
const credentialIdentifier = randomBytes(16);

async function register(serverSetup: Uint8Array, password: string) {
  const started = await opaqueClientStartRegistration(password);
  const { request } = started;
  const response = await opaqueCreateRegistrationResponse({ serverSetup, credentialIdentifier, request });
  return opaqueClientFinishRegistration({ password, clientState: started.clientState, response, identifiers });
}

interface Attempt {
  readonly serverSetup: Uint8Array;
  readonly record: Uint8Array | undefined;
  readonly password: string;
  readonly clientIdentifiers?: typeof identifiers;
}

async function logIn({ serverSetup, record, password, clientIdentifiers }: Attempt) {
  const { clientState, request } = await opaqueClientStartLogin(password);
  const started = await opaqueServerStartLogin({ serverSetup, record, credentialIdentifier, request, identifiers });
  const { serverState, response } = started;
  const options = { password, clientState, response, identifiers: clientIdentifiers ?? identifiers };
  const client = await opaqueClientFinishLogin(options);
  const sessionKey = await opaqueServerFinishLogin({ serverState, finish: client.finish, identifiers });
  return { client, sessionKey, serverState };
}

describe("OPAQUE", () => {
  it("gives both sides one session key, and the client its export key again", async () => {
    await opaqueReady();
    const serverSetup = await opaqueCreateServerSetup();
    const { record, exportKey, serverPublicKey } = await register(serverSetup, "cörrect horse");
    const { client, sessionKey } = await logIn({ serverSetup, record, password: "co\u0308rrect horse" });
    expect(client.sessionKey).toEqual(sessionKey);
    expect(client.exportKey).toEqual(exportKey);
    expect([record.length, exportKey.length, sessionKey.length]).toEqual([192, 64, 64]);
    expect(client.serverPublicKey).toEqual(serverPublicKey);
    expect(await opaqueServerPublicKey(serverSetup)).toEqual(serverPublicKey);
  });

  it("refuses a wrong password, an unknown user, another server and another name in the same way", async () => {
    const serverSetup = await opaqueCreateServerSetup();
    const { record } = await register(serverSetup, "right");
    const other = { client: "exc:bob", server: "excalibur:v1" };
    const attempts: Attempt[] = [
      { serverSetup, record, password: "wrong" },
      { serverSetup, record: undefined, password: "right" },
      { serverSetup: await opaqueCreateServerSetup(), record, password: "right" },
      { serverSetup, record, password: "right", clientIdentifiers: other },
    ];
    for (const attempt of attempts) await expect(logIn(attempt)).rejects.toThrow(PasswordRefusedError);
  });

  it("answers for unknown users with bytes of the same length", async () => {
    const serverSetup = await opaqueCreateServerSetup();
    const { record } = await register(serverSetup, "right");
    const { request } = await opaqueClientStartLogin("right");
    const shared = { serverSetup, credentialIdentifier, request, identifiers };
    const real = await opaqueServerStartLogin({ ...shared, record });
    const fake = await opaqueServerStartLogin({ ...shared, record: undefined });
    expect(fake.response).toHaveLength(real.response.length);
    expect(fake.serverState).toHaveLength(real.serverState.length);
  });

  it("refuses a finish that proves nothing", async () => {
    const serverSetup = await opaqueCreateServerSetup();
    const { record } = await register(serverSetup, "right");
    const { client, serverState } = await logIn({ serverSetup, record, password: "right" });
    const flipped = client.finish.map((byte, i) => (i === 5 ? byte ^ 1 : byte));
    for (const finish of [flipped, new Uint8Array(0), client.finish.subarray(1)]) {
      await expect(opaqueServerFinishLogin({ serverState, finish, identifiers })).rejects.toThrow(PasswordRefusedError);
    }
  });

  it("calls bytes it cannot parse malformed", async () => {
    const serverSetup = await opaqueCreateServerSetup();
    const request = new Uint8Array(7);
    await expect(opaqueCreateRegistrationResponse({ serverSetup, credentialIdentifier, request })).rejects.toThrow(
      FormatError,
    );
    await expect(
      opaqueServerStartLogin({ serverSetup, record: undefined, credentialIdentifier, request, identifiers }),
    ).rejects.toThrow(FormatError);
    await expect(opaqueServerPublicKey(request)).rejects.toThrow(FormatError);
    const { clientState } = await opaqueClientStartLogin("x");
    await expect(
      opaqueClientFinishLogin({ password: "x", clientState, response: request, identifiers }),
    ).rejects.toThrow(FormatError);
  });
});
