/** The slow implementation against public known answers, and OPAQUE against the library that the product uses. */

import * as opaqueLibrary from "@serenity-kit/opaque";
import { beforeAll, describe, expect, it } from "vitest";
import {
  blind,
  EXCALIBUR_OPAQUE,
  finishLogin,
  finishRegistration,
  type Identities,
  makeKe1,
  makeKe2,
  registrationResponse,
  scalars,
} from "../reference/account/opaque.ts";
import { floeOpen } from "../reference/object/floe.ts";
import { decapsulate, encapsulate, xWingPublicKey } from "../reference/people/x-wing.ts";
import { frozen, hex, type Packed, unhex, unpack } from "./frozen.ts";
import { floeAnswers, hasPublicAnswers, type OpaqueAnswer, opaqueAnswers, xWingAnswers } from "./public-answers.ts";

interface FrozenFloe {
  readonly floe: readonly {
    readonly name: string;
    readonly segmentBytes: number;
    readonly rotationMaskBits: number;
    readonly key: string;
    readonly aad: string;
    readonly plaintext: Packed;
    readonly message?: string;
  }[];
}

describe("FLOE", () => {
  if (!hasPublicAnswers) {
    it("without the public known answers (../shared/vectors is not there): our own frozen ones", () => {
      for (const one of frozen<FrozenFloe>("exef").floe) {
        if (one.message === undefined) continue;
        expect(hex(floeOpen(one, unhex(one.key), unhex(one.aad), unhex(one.message)))).toBe(hex(unpack(one.plaintext)));
      }
    });
    return;
  }
  for (const answer of floeAnswers()) {
    it(`opens the public known answer ${answer.name}`, () => {
      const aad = new TextEncoder().encode("This is AAD");
      expect(hex(floeOpen(answer, new Uint8Array(32), aad, answer.ciphertext))).toBe(hex(answer.plaintext));
    });
  }
});

interface FrozenXWing {
  readonly xWing: readonly {
    readonly seed: string;
    readonly randomness: string;
    readonly publicKey: string;
    readonly enc: string;
    readonly sharedSecret: string;
  }[];
}

describe("X-Wing", () => {
  const answers = hasPublicAnswers
    ? xWingAnswers().map(({ seed, eseed, pk, ct, ss }) => ({
        seed,
        randomness: eseed,
        publicKey: pk,
        enc: ct,
        sharedSecret: ss,
      }))
    : frozen<FrozenXWing>("envelope").xWing;
  const whose = hasPublicAnswers ? "the draft's vectors" : "our own frozen vectors (../shared/vectors is not there)";
  it(`makes the keys, encapsulations and secrets of ${whose}`, () => {
    expect(answers.length).toBeGreaterThan(2);
    for (const answer of answers) {
      const publicKey = xWingPublicKey(unhex(answer.seed));
      expect(hex(publicKey)).toBe(answer.publicKey);
      const made = encapsulate(publicKey, unhex(answer.randomness));
      expect(hex(made.enc)).toBe(answer.enc);
      expect(hex(made.sharedSecret)).toBe(answer.sharedSecret);
      expect(hex(decapsulate(unhex(answer.seed), unhex(answer.enc)))).toBe(answer.sharedSecret);
    }
  });
});

function text(encoded: string): string {
  return Buffer.from(encoded, "hex").toString("latin1");
}

/** Everything of an RFC vector that both the real and the fake ones have. */
function setting({ config, inputs }: OpaqueAnswer) {
  const input = (name: string) => unhex(inputs[name] as string);
  const identities: Identities = {
    ...(inputs["client_identity"] ? { client: text(inputs["client_identity"]) } : {}),
    ...(inputs["server_identity"] ? { server: text(inputs["server_identity"]) } : {}),
  };
  const suite = { context: unhex(config["Context"] as string), stretch: (bytes: Uint8Array) => new Uint8Array(bytes) };
  const server = {
    suite,
    identities,
    setup: {
      oprfSeed: input("oprf_seed"),
      privateKey: input("server_private_key"),
      publicKey: input("server_public_key"),
    },
    credentialIdentifier: input("credential_identifier"),
    maskingNonce: input("masking_nonce"),
    serverNonce: input("server_nonce"),
    keyShareSeed: input("server_keyshare_seed"),
  };
  return { input, identities, suite, server };
}

function checkReal(answer: OpaqueAnswer): void {
  const { input, identities, suite, server } = setting(answer);
  const { outputs } = answer;
  const password = input("password");
  const client = { suite, password, identities };
  const request = blind(password, input("blind_registration"));
  expect(hex(request)).toBe(outputs["registration_request"]);
  const response = registrationResponse(server.setup, server.credentialIdentifier, request);
  expect(hex(response)).toBe(outputs["registration_response"]);
  const registered = finishRegistration(
    { ...client, blind: input("blind_registration") },
    response,
    input("envelope_nonce"),
  );
  expect(hex(registered.record)).toBe(outputs["registration_upload"]);
  expect(hex(registered.exportKey)).toBe(outputs["export_key"]);
  const share = { nonce: input("client_nonce"), keyShareSeed: input("client_keyshare_seed") };
  const ke1 = makeKe1(password, input("blind_login"), share);
  expect(hex(ke1)).toBe(outputs["KE1"]);
  const answered = makeKe2({ ...server, record: registered.record }, ke1);
  expect(hex(answered.ke2)).toBe(outputs["KE2"]);
  const loggedIn = finishLogin({ ...client, blind: input("blind_login") }, share, answered.ke2);
  expect(hex(loggedIn.ke3)).toBe(outputs["KE3"]);
  expect(hex(loggedIn.sessionKey)).toBe(outputs["session_key"]);
  expect(hex(loggedIn.exportKey)).toBe(outputs["export_key"]);
}

function checkFake(answer: OpaqueAnswer): void {
  const { input, server } = setting(answer);
  const record = new Uint8Array([...input("client_public_key"), ...input("masking_key"), ...new Uint8Array(96)]);
  expect(hex(makeKe2({ ...server, record }, input("KE1")).ke2)).toBe(answer.outputs["KE2"]);
}

describe("OPAQUE", () => {
  if (hasPublicAnswers) {
    it("follows RFC 9807 appendix C: two real ristretto255 vectors and the fake one", () => {
      const answers = opaqueAnswers();
      const fake = answers.filter((answer) => answer.config["Fake"] === "True");
      const real = answers.filter((answer) => answer.config["Fake"] === "False");
      expect([real.length, fake.length]).toEqual([2, 1]);
      real.forEach(checkReal);
      fake.forEach(checkFake);
    });
  } else {
    it("without the vectors of RFC 9807 (../shared/vectors is not there): our own frozen ones are regenerated", () => {
      expect(frozen<{ runs: unknown[] }>("opaque").runs.length).toBeGreaterThan(1);
    });
  }
});

describe("OPAQUE, ours and the library's", () => {
  const identifiers = { client: "exc:alice", server: "excalibur:v1" };
  const userIdentifier = "AAECAwQFBgcICQoLDA0ODw";
  const keyStretching = { "argon2id-custom": { memory: 65_536, iterations: 3, parallelism: 4 } };
  const passwordText = "correct horse battery staple";
  const password = new TextEncoder().encode(passwordText);
  const random = () => crypto.getRandomValues(new Uint8Array(32));
  const encode = (bytes: Uint8Array) => Buffer.from(bytes).toString("base64url");
  const decode = (encoded: string) => new Uint8Array(Buffer.from(encoded, "base64url"));

  beforeAll(() => opaqueLibrary.ready);

  function registerOurs(serverSetup: string): { record: string; exportKey: string } {
    const { server } = opaqueLibrary;
    const scalar = scalars.fromBytes(random());
    const registrationRequest = encode(blind(password, scalar));
    const { registrationResponse: response } = server.createRegistrationResponse({
      serverSetup,
      userIdentifier,
      registrationRequest,
    });
    const input = { suite: EXCALIBUR_OPAQUE, password, blind: scalar, identities: identifiers };
    const { record, exportKey } = finishRegistration(input, decode(response), random());
    return { record: encode(record), exportKey: encode(exportKey) };
  }

  function registerTheirs(serverSetup: string): { record: string; exportKey: string } {
    const { client, server } = opaqueLibrary;
    const started = client.startRegistration({ password: passwordText });
    const { registrationRequest, clientRegistrationState } = started;
    const { registrationResponse: response } = server.createRegistrationResponse({
      serverSetup,
      userIdentifier,
      registrationRequest,
    });
    const finished = client.finishRegistration({
      password: passwordText,
      registrationResponse: response,
      clientRegistrationState,
      identifiers,
      keyStretching,
    });
    return { record: finished.registrationRecord, exportKey: finished.exportKey };
  }

  function loginOurs(
    serverSetup: string,
    registrationRecord: string | null,
  ): { sessionKeys: string[]; exportKey: string } {
    const { server } = opaqueLibrary;
    const scalar = scalars.fromBytes(random());
    const share = { nonce: random(), keyShareSeed: random() };
    const startLoginRequest = encode(makeKe1(password, scalar, share));
    const { loginResponse, serverLoginState } = server.startLogin({
      serverSetup,
      registrationRecord,
      startLoginRequest,
      userIdentifier,
      identifiers,
    });
    const input = { suite: EXCALIBUR_OPAQUE, password, blind: scalar, identities: identifiers };
    const ours = finishLogin(input, share, decode(loginResponse));
    const theirs = server.finishLogin({ serverLoginState, finishLoginRequest: encode(ours.ke3), identifiers });
    return { sessionKeys: [encode(ours.sessionKey), theirs.sessionKey], exportKey: encode(ours.exportKey) };
  }

  function loginTheirs(serverSetup: string, registrationRecord: string): string | undefined {
    const { client, server } = opaqueLibrary;
    const { clientLoginState, startLoginRequest } = client.startLogin({ password: passwordText });
    const { loginResponse } = server.startLogin({
      serverSetup,
      registrationRecord,
      startLoginRequest,
      userIdentifier,
      identifiers,
    });
    const finished = client.finishLogin({
      clientLoginState,
      loginResponse,
      password: passwordText,
      identifiers,
      keyStretching,
    });
    return finished?.exportKey;
  }

  it("our client registers with the library's server, and both clients sign in", () => {
    const setup = opaqueLibrary.server.createSetup();
    const { record, exportKey } = registerOurs(setup);
    const login = loginOurs(setup, record);
    expect(login.sessionKeys[0]).toBe(login.sessionKeys[1]);
    expect(login.exportKey).toBe(exportKey);
    expect(loginTheirs(setup, record)).toBe(exportKey);
  });

  it("our client signs in where the library's client registered", () => {
    const setup = opaqueLibrary.server.createSetup();
    const { record, exportKey } = registerTheirs(setup);
    const login = loginOurs(setup, record);
    expect(login.sessionKeys[0]).toBe(login.sessionKeys[1]);
    expect(login.exportKey).toBe(exportKey);
  });

  it("our client refuses the library's fake answer for an unknown user", () => {
    expect(() => loginOurs(opaqueLibrary.server.createSetup(), null)).toThrow("The password or the server is wrong.");
  });
});
