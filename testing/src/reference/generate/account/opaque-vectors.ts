import {
  blind,
  EXCALIBUR_OPAQUE,
  finishLogin,
  finishRegistration,
  type Identities,
  makeKe1,
  makeKe2,
  registrationResponse,
  type ServerSetup,
  scalars,
} from "../../account/opaque.ts";
import { ascii, type Bytes, concat, hex, utf8, zeros } from "../../foundations/bytes.ts";
import { alice } from "../people/people.ts";
import { type Case, fixed, flipped, type Json, refused, type VectorFile } from "../vector-file.ts";

const PRIVATE_KEY = scalars.fromBytes(fixed("opaque server private key", 32));
const SETUP: ServerSetup = {
  oprfSeed: fixed("opaque oprf seed", 64),
  privateKey: PRIVATE_KEY,
  publicKey: scalars.publicKeyOf(PRIVATE_KEY),
};
const IDENTITIES: Identities = { client: "exc:alice", server: "excalibur:v1" };
const CREDENTIAL = ascii(Buffer.from(alice.userId).toString("base64url"));
const BLIND_REGISTRATION = scalars.fromBytes(fixed("opaque blind registration", 32));
const BLIND_LOGIN = scalars.fromBytes(fixed("opaque blind login", 32));
const SHARE = { nonce: fixed("opaque client nonce", 32), keyShareSeed: fixed("opaque client share", 32) };

interface Run {
  readonly record: Bytes;
  readonly ke2: Bytes;
  readonly json: { [key: string]: Json };
}

function run(passwordText: string): Run {
  const password = utf8(passwordText.normalize("NFKC"));
  const request = blind(password, BLIND_REGISTRATION);
  const response = registrationResponse(SETUP, CREDENTIAL, request);
  const input = { suite: EXCALIBUR_OPAQUE, password, identities: IDENTITIES };
  const envelopeNonce = fixed("opaque envelope nonce", 32);
  const registered = finishRegistration({ ...input, blind: BLIND_REGISTRATION }, response, envelopeNonce);
  const ke1 = makeKe1(password, BLIND_LOGIN, SHARE);
  const answered = makeKe2(serverInput(registered.record), ke1);
  const loggedIn = finishLogin({ ...input, blind: BLIND_LOGIN }, SHARE, answered.ke2);
  if (hex(loggedIn.ke3) !== hex(answered.clientMac)) throw new Error("Client and server disagree.");
  return {
    record: registered.record,
    ke2: answered.ke2,
    json: {
      password: passwordText,
      registrationRequest: hex(request),
      registrationResponse: hex(response),
      envelopeNonce: hex(envelopeNonce),
      record: hex(registered.record),
      exportKey: hex(registered.exportKey),
      ke1: hex(ke1),
      ke2: hex(answered.ke2),
      ke3: hex(loggedIn.ke3),
      sessionKey: hex(loggedIn.sessionKey),
    },
  };
}

function serverInput(record: Bytes) {
  return {
    suite: EXCALIBUR_OPAQUE,
    setup: SETUP,
    credentialIdentifier: CREDENTIAL,
    record,
    identities: IDENTITIES,
    maskingNonce: fixed("opaque masking nonce", 32),
    serverNonce: fixed("opaque server nonce", 32),
    keyShareSeed: fixed("opaque server share", 32),
  };
}

function refusals(good: Run, passwordText: string): Case[] {
  const make = (
    name: string,
    ke2: Bytes,
    changes: { password?: string; identities?: Identities; refuse?: "malformed" | "integrity" } = {},
  ): Case => {
    const password = changes.password ?? passwordText;
    const identities = changes.identities ?? IDENTITIES;
    const input = { suite: EXCALIBUR_OPAQUE, password: utf8(password), identities, blind: BLIND_LOGIN };
    const json = {
      password,
      clientIdentity: identities.client ?? "",
      serverIdentity: identities.server ?? "",
      ke2: hex(ke2),
    };
    return refused(name, { refuse: changes.refuse ?? "integrity", wrong: name }, json, () =>
      finishLogin(input, SHARE, ke2),
    );
  };
  const ke1 = makeKe1(utf8(passwordText), BLIND_LOGIN, SHARE);
  const fakeRecord = concat(
    scalars.publicKeyOf(scalars.fromBytes(fixed("fake client", 32))),
    fixed("fake masking key", 64),
    zeros(96),
  );
  return [
    make("a wrong password", good.ke2, { password: "correct horse battery stable" }),
    make("another user's name", good.ke2, { identities: { client: "exc:bob", server: "excalibur:v1" } }),
    make("another server's name", good.ke2, { identities: { client: "exc:alice", server: "excalibur:v2" } }),
    make("a bit of the masked answer flipped", flipped(good.ke2, 100)),
    make("a bit of the server's nonce flipped", flipped(good.ke2, 200)),
    make("a bit of the server's MAC flipped", flipped(good.ke2, -1)),
    make("319 bytes", good.ke2.slice(0, -1), { refuse: "malformed" }),
    make("the fake answer for an unknown user", makeKe2(serverInput(fakeRecord), ke1).ke2),
  ];
}

export function opaqueVectors(): VectorFile {
  const password = "correct horse battery staple";
  const good = run(password);
  return {
    about:
      "OPAQUE with this project's parameters (spec/sign-in.md §2), all randomness given. Refusals: the client's second step with the blind and key share below.",
    serverOprfSeed: hex(SETUP.oprfSeed),
    serverPrivateKey: hex(SETUP.privateKey),
    serverPublicKey: hex(SETUP.publicKey),
    clientIdentity: "exc:alice",
    serverIdentity: "excalibur:v1",
    credentialIdentifier: hex(CREDENTIAL),
    blindRegistration: hex(BLIND_REGISTRATION),
    blindLogin: hex(BLIND_LOGIN),
    clientNonce: hex(SHARE.nonce),
    clientKeyShareSeed: hex(SHARE.keyShareSeed),
    runs: [good.json, run("Pässwörd ﬁve ⅷ").json],
    refused: refusals(good, password),
  };
}
