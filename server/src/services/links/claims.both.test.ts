import { fromBase64Url, toBase64Url } from "@excalibur/core/bytes";
import {
  changeLink,
  claimLink,
  createLink,
  type LinkRules,
  listClaims,
  listLinks,
  postCommit,
} from "@excalibur/core/protocol";
import { ROLES } from "@excalibur/core/volume/record";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { listIdentities } from "../../db/stores/identities.ts";
import { claimBody, NO_RULES, newLinkBody, newTestLink, type TestLink } from "../../testing/test-link.ts";
import { type SignedInPerson, startTestServer, type TestServer } from "../../testing/test-server.ts";
import { readAnswer, type TestAnswer } from "../../testing/test-session.ts";
import type { VolumeWriter } from "../../testing/volume-writer.ts";
import { removeAccount } from "../people/remove-account.ts";

let server: TestServer;
let alice: SignedInPerson;
let bob: SignedInPerson;
let carol: SignedInPerson;

beforeAll(async () => {
  server = await startTestServer();
  [alice, bob, carol] = await Promise.all([
    server.signedIn("alice"),
    server.signedIn("bob"),
    server.signedIn("carol"),
  ] as const);
});
afterAll(() => server[Symbol.asyncDispose]());

interface Place {
  readonly volume: VolumeWriter;
  readonly link: TestLink;
}

/** A volume of Alice's with an invitation on its member list, or a link that is none. */
async function invited({ isInvitation = true, rules = {} as Partial<LinkRules> } = {}): Promise<Place> {
  const volume = await server.volumeOf(alice.person);
  const link = await newTestLink({ isInvitation });
  await alice.session.call(createLink, { json: newLinkBody(link, volume.id, { rules }) });
  await setMembers(volume, [link]);
  return { volume, link };
}

async function setMembers(
  volume: VolumeWriter,
  links: readonly TestLink[],
  people: readonly SignedInPerson[] = [],
): Promise<void> {
  const all = [
    { person: alice.person, role: ROLES.owner },
    ...links.map((person) => ({ person, role: ROLES.linkViewer })),
    ...people.map(({ person }) => ({ person, role: ROLES.viewer })),
  ].sort((a, b) => Buffer.compare(a.person.userId, b.person.userId));
  const rotate = links.length === 0;
  const { written, manifest, previousKeys } = volume.writeMembers(all, { rotate });
  const json = {
    commit: toBase64Url(written.bytes),
    manifest: toBase64Url(manifest.bytes),
    envelopes: all.map(({ person }) => toBase64Url(volume.envelopeFor(person, manifest))),
    ...(rotate && { previousKeys: toBase64Url(previousKeys) }),
  };
  expect((await alice.session.call(postCommit, { params: { volumeId: volume.id }, json })).status).toBe(200);
  volume.accept(written, manifest);
}

async function knock(link: TestLink) {
  const url = `${server.origin}/api/links/${link.id}/knock`;
  const init = { method: "POST", headers: { "content-type": "application/json" } };
  const { body } = await readAnswer(
    await fetch(url, { ...init, body: JSON.stringify({ knock: toBase64Url(link.knock) }) }),
  );
  return {
    loginId: fromBase64Url(String(body["loginId"])),
    serverNonce: fromBase64Url(String(body["serverNonce"])),
  };
}

async function identityOf({ person }: SignedInPerson): Promise<Uint8Array> {
  const rows = await listIdentities(server.running.context.database.read, [person.userId]);
  return rows.at(-1)!.record;
}

interface Attempt {
  readonly by?: SignedInPerson;
  /** Whose identity the link's key signed. */
  readonly of?: SignedInPerson;
  readonly at?: TestLink;
  readonly challenge?: Awaited<ReturnType<typeof knock>>;
}

async function claim(link: TestLink, { by = bob, of = by, at = link, challenge }: Attempt = {}): Promise<TestAnswer> {
  const json = claimBody(link, challenge ?? (await knock(at)), await identityOf(of));
  return by.session.call(claimLink, { params: { linkId: at.id }, json });
}

async function facts({ id }: TestLink): Promise<Record<string, unknown>> {
  const { body } = await alice.session.call(listLinks);
  return (body["links"] as Record<string, unknown>[]).find(({ linkId }) => linkId === id) ?? {};
}

/** What somebody waits for, of this link. */
async function waiting({ session }: SignedInPerson, { id }: TestLink): Promise<unknown[]> {
  const { body } = await session.call(listClaims);
  return (body["claims"] as { linkId: string }[]).filter(({ linkId }) => linkId === id);
}

const outcomeOf = ({ status, body }: TestAnswer) => [status, body["code"], body["reason"]].filter(Boolean);

describe("an invitation", () => {
  it("is claimed by one account, which waits until it or somebody else has the link's place", async () => {
    const { volume, link } = await invited();
    expect(await facts(link)).not.toHaveProperty("claim");
    expect((await claim(link)).status).toBe(204);
    // Whoever did not hear the answer asks again; nobody else may.
    expect((await claim(link)).status).toBe(204);
    expect(outcomeOf(await claim(link, { by: carol }))).toEqual([409, "link_claimed"]);
    const { volumeId } = volume;
    expect(await waiting(bob, link)).toEqual([
      { linkId: link.id, volumeId: toBase64Url(volumeId), invitedBy: alice.person.name, claimedMs: expect.any(Number) },
    ]);
    expect(await waiting(carol, link)).toEqual([]);
    expect(await facts(link)).toMatchObject({
      claim: {
        userId: toBase64Url(bob.person.userId),
        records: [toBase64Url(await identityOf(bob))],
        linkIdentity: toBase64Url(link.identity.bytes),
      },
    });
    await setMembers(volume, [], [bob]);
    expect(await waiting(bob, link)).toEqual([]);
    expect(await facts(link)).toMatchObject({ revokedMs: expect.any(Number) });
    expect(await facts(link)).not.toHaveProperty("claim");
  });

  it("E14 is claimed by nobody whose identity its key has not signed for this login, and by no other link's key", async () => {
    const { link } = await invited();
    const { link: other } = await invited();
    expect(outcomeOf(await claim(link, { by: carol, of: bob }))).toEqual([422, "record_invalid", "signature"]);
    const forged = { ...link, signatureSeed: other.signatureSeed };
    expect(outcomeOf(await claim(forged, { at: link }))).toEqual([422, "record_invalid", "signature"]);
    // The knock of another link, and the login of another one.
    const strange = { ...link, knock: other.knock };
    expect(outcomeOf(await claim(strange, { challenge: await knock(link) }))).toEqual([404, "not_found"]);
    expect(outcomeOf(await claim(link, { challenge: await knock(other) }))).toEqual([400, "bad_request", "loginId"]);
    expect(await facts(link)).not.toHaveProperty("claim");
    const challenge = await knock(link);
    expect((await claim(link, { challenge })).status).toBe(204);
  });

  it("that is paused, has expired or was withdrawn is claimed by nobody; nor is a link that is no invitation", async () => {
    const { volume, link } = await invited();
    const challenge = await knock(link);
    const rules = async (more: Partial<LinkRules>) => {
      const json = { rules: { ...NO_RULES, ...more } };
      expect((await alice.session.call(changeLink, { params: { linkId: link.id }, json })).status).toBe(204);
    };
    await rules({ paused: true });
    expect(outcomeOf(await claim(link, { challenge }))).toEqual([403, "link_paused"]);
    await rules({ expiresMs: 1 });
    expect(outcomeOf(await claim(link, { challenge }))).toEqual([403, "link_expired"]);
    await rules({});
    await setMembers(volume, []);
    expect(outcomeOf(await claim(link, { challenge }))).toEqual([403, "link_revoked"]);
    const { link: ordinary } = await invited({ isInvitation: false });
    expect(outcomeOf(await claim(ordinary))).toEqual([422, "record_invalid", "invitation"]);
  });

  it("that is withdrawn after it was claimed leaves nobody waiting", async () => {
    const { volume, link } = await invited();
    await claim(link);
    expect(await waiting(bob, link)).toHaveLength(1);
    await setMembers(volume, []);
    expect(await waiting(bob, link)).toEqual([]);
  });

  it("is free again when the account that claimed it is removed, and goes with the account whose folder it leads to", async () => {
    const { database } = server.running.context;
    const { link } = await invited();
    await claim(link, { by: carol });
    await removeAccount(database, { name: carol.person.name, nowMs: Date.now() });
    expect(await facts(link)).toMatchObject({ revokedMs: null });
    expect(await facts(link)).not.toHaveProperty("claim");
    expect((await claim(link)).status).toBe(204);
    const challenge = await knock(link);
    await removeAccount(database, { name: alice.person.name, nowMs: Date.now() });
    // Whoever follows it is told so.
    expect(outcomeOf(await claim(link, { challenge }))).toEqual([403, "link_revoked"]);
    expect(await waiting(bob, link)).toEqual([]);
  });
});
