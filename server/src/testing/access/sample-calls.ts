import { concatBytes, fromBase64Url, toBase64Url, uint32 } from "@excalibur/core/bytes";
import { opaqueClientStartLogin, opaqueClientStartRegistration, randomBytes } from "@excalibur/core/primitives";
import {
  changeLink,
  createUpload,
  getKeyring,
  knockLink,
  postBatch,
  putPages,
  putPart,
  type Route,
} from "@excalibur/core/protocol";
import { type IdentityRow, listIdentities } from "../../db/stores/identities.ts";
import {
  createAccount,
  newKeyring,
  prepareFinish,
  preparePassword,
  prepareRecovery,
  prepareSignUp,
  recoveryBody,
} from "../account.ts";
import { type OpaqueObject, type OpaquePart, opaqueBatch, opaqueObject } from "../opaque-object.ts";
import { freshName } from "../people.ts";
import { claimBody, NO_RULES, newLinkBody, newTestLink, visitorOf } from "../test-link.ts";
import { openSession, type TestCall } from "../test-session.ts";
import { makeRequest, newRequest, senderBinding } from "../upload-request.ts";
import { VolumeWriter, type WrittenCommit } from "../volume-writer.ts";
import { type AccessWorld, shareVolume } from "./access-world.ts";

export interface SampleCall extends TestCall {
  /** To be called when the server has done it, so that the next sample builds on it. */
  readonly accepted?: () => void;
}

type MakeSample = (world: AccessWorld) => SampleCall | Promise<SampleCall>;

const hash = toBase64Url(randomBytes(32));
const parts = (object: OpaqueObject): OpaquePart => object.parts[0] as OpaquePart;

function inVolume({ alice }: AccessWorld, more: SampleCall = {}): SampleCall {
  return { params: { volumeId: alice.volume.id }, ...more };
}

function ofStored({ stored }: AccessWorld, more: SampleCall = {}): SampleCall {
  return { params: { objectId: stored.id }, ...more };
}

/** An upload of Alice's that has been begun, and with `sent` all of its parts. */
async function begun({ sessions }: AccessWorld, sent = false): Promise<OpaqueObject> {
  const object = opaqueObject(100);
  await sessions.owner.call(createUpload, { json: { objectId: object.id, ciphertextLength: object.bytes.length } });
  const { bytes, signedLeaves } = parts(object);
  const params = { objectId: object.id, part: 0 };
  if (sent) await sessions.owner.call(putPart, { params, raw: bytes, leaves: signedLeaves });
  return object;
}

function pagesBody({ pages }: WrittenCommit): Uint8Array {
  return concatBytes(...pages.flatMap(({ bytes }) => [uint32(bytes.length), bytes]));
}

/** A well-formed call of every route that the owner of what it names may make, with all that has to be there for it. */
const SAMPLES: Readonly<Record<string, MakeSample>> = {
  getVersion: () => ({}),
  getCompatibility: () => ({}),
  getHealth: () => ({}),
  getReady: () => ({}),
  getClock: () => ({}),
  signUpStart: async () => {
    const { request } = await opaqueClientStartRegistration("password");
    const names = { name: freshName(), userId: toBase64Url(randomBytes(16)) };
    return { json: { ...names, registrationRequest: toBase64Url(request) } };
  },
  signUp: async ({ client }) => ({ json: (await prepareSignUp(client, { name: freshName() })).body }),
  signInStart: async ({ alice: { name } }) => {
    const { request } = await opaqueClientStartLogin("password");
    return { json: { name, loginRequest: toBase64Url(request) } };
  },
  signInFinish: async ({ client, alice }) => ({ json: (await prepareFinish(client, alice.name, alice.password)).body }),
  recoveryStart: ({ alice: { name } }) => ({ json: { name } }),
  // Of an account of its own: recovery ends every session.
  recoveryFinish: async ({ client, server }) => {
    const account = await createAccount(server.running, freshName());
    return { json: (await prepareRecovery(client, account)).body };
  },

  passwordStart: async () => {
    const { request } = await opaqueClientStartRegistration("password");
    return { json: { registrationRequest: toBase64Url(request) } };
  },
  changePassword: async ({ client, alice }) => {
    const { body } = await preparePassword(client, alice, alice.password, { endOtherSessions: false });
    return { json: body };
  },
  changeRecovery: () => ({ json: recoveryBody() }),
  deleteAccount: () => ({}),
  getAccount: () => ({}),
  getStorage: () => ({}),
  getKeyring: () => ({}),
  getKeyringHashes: () => ({ query: "after=0" }),
  putKeyring: async ({ client }) => {
    const { version } = await client.ask(getKeyring);
    return { json: { expectedVersion: version, generation: 0, sealed: newKeyring() } };
  },
  listSessions: () => ({}),
  endSession: async ({ server, alice }) => {
    const { database } = server.running.context;
    const other = await openSession({ origin: server.origin, database, userId: alice.person.userId });
    return { params: { sessionId: other.sessionId } };
  },
  getIdentity: ({ alice }) => ({ params: { userId: toBase64Url(alice.person.userId) } }),

  listVolumes: () => ({}),
  getHead: (world) => inVolume(world),
  listCommits: (world) => inVolume(world, { query: "after=0" }),
  getPageList: (world) => inVolume(world),
  getStatePath: (world) => inVolume(world, { query: `node=${world.alice.volume.id}&bits=0&length=0` }),
  fetchPages: (world) => inVolume(world, { json: { hashes: [hash] } }),
  checkObjects: (world) => inVolume(world, { json: { objectIds: [toBase64Url(randomBytes(16))] } }),
  putPages: (world) => {
    const { volume } = world.alice;
    return inVolume(world, { raw: pagesBody(volume.write({ pages: [{ nodeId: volume.volumeId }] })) });
  },
  postCommit: async (world) => {
    const { volume } = world.alice;
    const written = volume.write({ pages: [{ nodeId: volume.volumeId }] });
    await world.sessions.owner.call(putPages, inVolume(world, { raw: pagesBody(written) }));
    const accepted = () => volume.accept(written);
    return inVolume(world, { json: { commit: toBase64Url(written.bytes) }, accepted });
  },

  createVolume: ({ alice }) => ({ json: { volume: new VolumeWriter(alice.person).newVolume() } }),
  listMembers: (world) => inVolume(world),
  acceptVolume: (world) => inVolume(world),
  // Of a volume of its own: whoever leaves is out.
  leaveVolume: async (world) => {
    const volume = await world.server.volumeOf(world.alice.person);
    await shareVolume(world, volume, world.members);
    return { params: { volumeId: volume.id } };
  },
  lookUpPerson: ({ alice }) => ({ params: { name: alice.name } }),

  createLink: async ({ alice }) => ({ json: newLinkBody(await newTestLink(), alice.volume.id) }),
  listLinks: () => ({}),
  changeLink: ({ link }) => ({ params: { linkId: link.id }, json: { rules: NO_RULES } }),
  getLinkLog: ({ link }) => ({ params: { linkId: link.id } }),
  claimLink: async ({ client, invitation, alice, server: { running } }) => {
    const params = { linkId: invitation.id };
    const { database } = running.context;
    // Nobody has claimed it yet, whoever did so before.
    await database.write((tx) => tx.deleteFrom("link_claims").execute());
    const challenge = await client.ask(knockLink, { params, body: { knock: toBase64Url(invitation.knock) } });
    const [loginId, serverNonce] = [fromBase64Url(challenge.loginId), fromBase64Url(challenge.serverNonce)];
    const [{ record }] = (await listIdentities(database.read, [alice.person.userId])) as [IdentityRow];
    return { params, json: claimBody(invitation, { loginId, serverNonce }, record) };
  },
  listClaims: () => ({}),
  knockLink: ({ link }) => ({ params: { linkId: link.id }, json: { knock: toBase64Url(link.knock) } }),
  openLink: async ({ client, link, server, sessions }) => {
    const params = { linkId: link.id };
    // Whatever rules it has been given since: it has to be open to be knocked at.
    await sessions.owner.call(changeLink, { params, json: { rules: NO_RULES } });
    const challenge = await client.ask(knockLink, { params, body: { knock: toBase64Url(link.knock) } });
    const [loginId, serverNonce] = [fromBase64Url(challenge.loginId), fromBase64Url(challenge.serverNonce)];
    return { params, json: visitorOf(link, { loginId, serverNonce }, server.origin).body };
  },

  createUpload: () => {
    const { id, bytes } = opaqueObject(100);
    return { json: { objectId: id, ciphertextLength: bytes.length } };
  },
  getUpload: async (world) => ({ params: { objectId: (await begun(world)).id } }),
  putPart: async (world) => {
    const object = await begun(world);
    const { bytes, signedLeaves } = parts(object);
    return { params: { objectId: object.id, part: 0 }, raw: bytes, leaves: signedLeaves };
  },
  completeUpload: async (world) => {
    const { id, bytes, treeHash } = await begun(world, true);
    return { params: { objectId: id }, json: { ciphertextLength: bytes.length, treeHash: toBase64Url(treeHash) } };
  },
  cancelUpload: async (world) => ({ params: { objectId: (await begun(world)).id } }),
  postBatch: () => {
    const { body, signedLeaves } = opaqueBatch([opaqueObject(1), opaqueObject(0)]);
    return { raw: body, leaves: signedLeaves };
  },
  getObject: (world) => ofStored(world),
  fetchObjects: ({ stored }) => ({ json: { objectIds: [stored.id] } }),
  getProof: (world) => ofStored(world, { query: "from=0&to=1" }),

  createRequest: async () => ({ json: (await newRequest()).body }),
  listRequests: () => ({}),
  changeRequest: ({ request }) => {
    const { sealedText, caps, expiresMs } = request.body;
    return { params: { requestId: request.id }, json: { sealedText, caps, expiresMs, closed: false } };
  },
  deleteRequest: async ({ sessions }) => ({ params: { requestId: (await makeRequest(sessions.owner)).id } }),
  listItems: ({ request }) => ({ params: { requestId: request.id }, query: "after=0" }),
  settleItems: ({ request }) => ({ params: { requestId: request.id }, json: { filed: [], rejected: [] } }),
  openRequest: ({ request }) => ({ params: { requestId: request.id }, json: { knock: toBase64Url(request.knock) } }),
  beginSending: ({ server, request }) => ({
    params: { requestId: request.id },
    json: senderBinding(server.origin, request, randomBytes(32)),
  }),
  postItems: async ({ sessions }) => {
    const object = opaqueObject(1);
    const { body, signedLeaves } = opaqueBatch([object]);
    await sessions.sender.call(postBatch, { raw: body, leaves: signedLeaves });
    return { json: { items: [{ objectId: object.id, description: toBase64Url(randomBytes(40)) }] } };
  },
  listSent: () => ({ query: "after=0" }),

  createTicket: () => ({ json: {} }),
};

/** @throws TypeError for a route without a sample: whoever adds a route says how it is called */
export async function sampleCall(world: AccessWorld, { id }: Route): Promise<SampleCall> {
  const make = SAMPLES[id];
  if (make === undefined) throw new TypeError(`The route ${id} has no sample call.`);
  return make(world);
}
