import { concatBytes, fromBase64Url, toBase64Url, uint32 } from "@excalibur/core/bytes";
import { createLink, knockLink, LIMITS, openLink } from "@excalibur/core/protocol";
import { ROLES, type Role } from "@excalibur/core/volume/record";
import type { Transact } from "../../services/transact.ts";
import { createAccount, newKeyring, type TestAccount } from "../account.ts";
import { TestClient } from "../client.ts";
import { inChunks, type OpaqueObject, opaqueBatch, opaqueObject } from "../opaque-object.ts";
import type { TestPerson } from "../people.ts";
import { newLinkBody, newTestLink, type TestLink, visitorOf } from "../test-link.ts";
import { type SignedInPerson, startTestServer, type TestServer } from "../test-server.ts";
import { openSession, signingSession, type TestSession } from "../test-session.ts";
import { beginSender, makeRequest, type TestRequest } from "../upload-request.ts";
import type { MemberKeys, VolumeWriter, WrittenPage } from "../volume-writer.ts";

/**
 * Alice, who owns everything here; Vera, Eddy and Mona, who view, edit and manage her volume; Rex, whom she took off its list;
 * Mallory, who has an account of his own; Dora, whose account is disabled; and people without an account: somebody who sends
 * into an upload request of Alice's, and two who came by links into her volume.
 */
export interface AccessWorld extends AsyncDisposable {
  readonly server: TestServer;
  readonly alice: TestAccount;
  readonly mallory: TestAccount;
  /** In a volume of Alice's. */
  readonly members: readonly { readonly person: TestPerson; readonly role: Role }[];
  readonly sessions: {
    readonly owner: TestSession;
    /** Alice's, who typed her password too long ago to change it. */
    readonly older: TestSession;
    /** Alice's, on a device that she signed out. */
    readonly ended: TestSession;
    readonly stranger: TestSession;
    readonly disabled: TestSession;
    readonly viewer: TestSession;
    readonly editor: TestSession;
    readonly manager: TestSession;
    readonly removed: TestSession;
    readonly sender: TestSession;
    readonly link: TestSession;
    readonly linkEditor: TestSession;
  };
  /** Of Alice's. */
  readonly request: TestRequest;
  /** Into Alice's volume, to look. */
  readonly link: TestLink;
  /** Into it, for somebody without an account. */
  readonly invitation: TestLink;
  /** Alice's, listed in her volume. */
  readonly stored: OpaqueObject;
  /** Signs as Alice, through the other test client. */
  readonly client: TestClient;
}

export async function startAccessWorld(options: Parameters<typeof startTestServer>[0] = {}): Promise<AccessWorld> {
  const server = await startTestServer({ signUp: "open", ...options });
  const { running, origin } = server;
  const { database, services } = running.context;
  const [alice, mallory, dora] = [
    await createAccount(running, "alice"),
    await createAccount(running, "mallory"),
    await server.signedIn("dora"),
  ];
  const session = ({ person: { userId } }: TestAccount, more: { signedInMs?: number } = {}) =>
    openSession({ origin, database, userId, ...more });
  const owner = await session(alice);
  const older = await session(alice, { signedInMs: Date.now() - LIMITS.recentSignInMs - 60_000 });
  const ended = await session(alice);
  const stranger = await session(mallory);
  await database.write(async (tx) => {
    const endedId = Buffer.from(ended.sessionId, "base64url");
    await tx.updateTable("sessions").set({ ended_ms: 1 }).where("session_id", "=", endedId).execute();
    await tx.updateTable("accounts").set({ disabled: 1 }).where("user_id", "=", dora.person.userId).execute();
  });
  const stored = opaqueObject(100);
  const { body, signedLeaves } = opaqueBatch([stored]);
  await services.objects.storeBatch({ userId: alice.person.userId, signedLeaves, body: inChunks(body) });
  const [vera, eddy, mona, rex] = (await Promise.all(
    ["vera", "eddy", "mona", "rex"].map((name) => server.signedIn(name)),
  )) as [SignedInPerson, SignedInPerson, SignedInPerson, SignedInPerson];
  // They came without a client, which would have made one.
  const keyrings = [vera, eddy, mona, rex].map(({ person: { userId } }) => ({
    ...{ user_id: userId, version: 1, generation: 0 },
    sealed: Buffer.from(newKeyring(), "base64url"),
  }));
  await database.write((tx) => tx.insertInto("keyrings").values(keyrings).execute());
  const members = [
    { person: vera.person, role: ROLES.viewer },
    { person: eddy.person, role: ROLES.editor },
    { person: mona.person, role: ROLES.manager },
  ];
  const [link, editLink] = [await newTestLink(), await newTestLink()];
  const invitation = await newTestLink({ isInvitation: true });
  const linkRows = [
    { person: invitation, role: ROLES.linkViewer },
    { person: link, role: ROLES.linkViewer },
    { person: editLink, role: ROLES.linkEditor },
  ];
  const request = await makeRequest(owner);
  const sessions = {
    ...{ owner, older, ended, stranger, disabled: dora.session },
    ...{ viewer: vera.session, editor: eddy.session, manager: mona.session, removed: rex.session },
    sender: await beginSender(origin, request),
  };
  const client = new TestClient(origin, { sessionId: owner.sessionId, seed: owner.seed });
  const world = { server, alice, mallory, stored, members, link, invitation, request, client };
  await listObject(world, stored.objectId);
  await owner.call(createLink, { json: newLinkBody(link, alice.volume.id) });
  await owner.call(createLink, { json: newLinkBody(invitation, alice.volume.id) });
  await owner.call(createLink, { json: newLinkBody(editLink, alice.volume.id, { role: "editor" }) });
  const all = [...members, ...linkRows];
  await shareVolume(world, alice.volume, [...all, { person: rex.person, role: ROLES.editor }]);
  await shareVolume(world, alice.volume, all, { rotate: true });
  const visits = { link: await visit(world, link), linkEditor: await visit(world, editLink) };
  return {
    ...world,
    sessions: { ...sessions, ...visits },
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

/** Knocks and opens, as a visitor would. */
async function visit({ server, client }: Pick<AccessWorld, "server" | "client">, link: TestLink): Promise<TestSession> {
  const params = { linkId: link.id };
  const { origin } = server;
  const { loginId, serverNonce } = await client.ask(knockLink, { params, body: { knock: toBase64Url(link.knock) } });
  const challenge = { loginId: fromBase64Url(loginId), serverNonce: fromBase64Url(serverNonce) };
  const { seed, body } = visitorOf(link, challenge, origin);
  const { sessionId } = await client.ask(openLink, { params, body });
  return signingSession({ origin, sessionId, seed });
}

/** Lists an object that she has uploaded in Alice's volume. */
export async function listObject(
  { server, alice }: Pick<AccessWorld, "server" | "alice">,
  objectId: Uint8Array,
): Promise<void> {
  const { database, services } = server.running.context;
  const { volume, person } = alice;
  const written = volume.write({
    pages: [{ nodeId: volume.volumeId }],
    added: [{ objectId, count: 1 }],
  });
  const [page] = written.pages as [WrittenPage];
  const caller = { userId: person.userId, volumeId: volume.volumeId };
  const transact: Transact = (work) => database.write(work);
  const body = concatBytes(uint32(page.bytes.length), page.bytes);
  await services.volumes.putPages({ ...caller, body }, transact);
  await services.volumes.postCommit({ ...caller, commit: written.bytes }, transact);
  volume.accept(written);
}

/** Makes these, and Alice, the members of a volume of hers. */
export async function shareVolume(
  { server, alice }: Pick<AccessWorld, "server" | "alice">,
  volume: VolumeWriter,
  people: readonly { readonly person: MemberKeys; readonly role: Role }[],
  { rotate = false } = {},
): Promise<void> {
  const { database, services } = server.running.context;
  const all = [{ person: alice.person, role: ROLES.owner }, ...people];
  const sorted = all.sort((a, b) => Buffer.compare(a.person.userId, b.person.userId));
  const { written, manifest, previousKeys } = volume.writeMembers(sorted, { rotate });
  const incoming = {
    ...{ userId: alice.person.userId, volumeId: volume.volumeId, commit: written.bytes, manifest: manifest.bytes },
    envelopes: sorted.map(({ person }) => volume.envelopeFor(person, manifest)),
    ...(rotate && { previousKeys }),
  };
  await services.volumes.postCommit(incoming, (work) => database.write(work));
  volume.accept(written, manifest);
}
