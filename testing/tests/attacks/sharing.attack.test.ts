/** Sharing with a server, and with members, that lie: about keys, members, roles, invitations and what was removed. */

import { concatBytes, equalBytes, fromBase64Url, toBase64Url, toHex, uint64 } from "@excalibur/core/bytes";
import {
  decodeIdentity,
  encodeEnvelope,
  encodeEnvelopeHeader,
  envelopeInfo,
  envelopeMessage,
  parseEnvelope,
  signatureKeysOf,
  signIdentity,
  verifyIdentityChain,
} from "@excalibur/core/identity";
import { openEnvelope } from "@excalibur/core/keys";
import { signLabelled } from "@excalibur/core/labels";
import { hpkeSeal, kemKeyPairFromSeed, randomBytes } from "@excalibur/core/primitives";
import {
  getHead,
  getPageList,
  listCommits,
  listVolumes,
  lookUpPerson,
  type UserName,
  type VolumeId,
} from "@excalibur/core/protocol";
import { openPage, openPreviousKeys } from "@excalibur/core/volume/content";
import {
  decodeCommit,
  decodeManifest,
  type Manifest,
  pageRecordHash,
  parsePageRecord,
  ROLES,
  signCommit,
  signManifest,
} from "@excalibur/core/volume/record";
import { isViolation, type SharedRole } from "@excalibur/sdk";
import { Entrance } from "@excalibur/sdk/account";
import { readBounded } from "@excalibur/sdk/transport";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { expectRefused, refusalOf } from "../../src/attacks/index.ts";
import { type Device, type EvilServer, jsonAnswer, type Person, World } from "../../src/index.ts";

interface Head {
  readonly sequence: number;
  readonly commit: string;
  readonly genesis: string;
  readonly manifests: readonly string[];
  readonly envelopes: readonly string[];
  readonly identities: readonly string[];
  readonly previousKeys: readonly { readonly generation: number; readonly sealed: string }[];
}
interface PersonReply {
  readonly userId: string;
  readonly name: string;
  readonly records: readonly string[];
}

/** What seals or sends something under a key. */
const WRITES = ["createVolume", "putPages", "postCommit", "postBatch", "createUpload"];
const hasCode = (code: string) => (error: { readonly code: string }) => error.code === code;

let world: World;
let alice: Person;
let bob: Person;
let carol: Person;

beforeEach(async () => {
  world = await World.start();
  ({ alice, bob, carol } = await world.people("alice", "bob", "carol"));
  await alice.laptop.write("/Folder/one.txt", "one");
});
afterEach(() => world[Symbol.asyncDispose]());

async function share(person: Person = bob, role: SharedRole = "editor"): Promise<void> {
  const { sharing } = await alice.laptop.drive;
  await sharing.share(await alice.laptop.find("/Folder"), { person: person.name, role });
}

async function accept({ laptop }: Person): Promise<Uint8Array> {
  const { sharing } = await laptop.drive;
  const [invitation] = await sharing.invitations();
  await sharing.accept(invitation!.volumeId);
  return invitation!.volumeId;
}

async function handOf({ laptop }: Person) {
  const session = await new Entrance(laptop.ports).open();
  return await session.member();
}

/** What an honest server tells a device of a volume. */
async function headOf(device: Device, volumeId: Uint8Array): Promise<Head> {
  const session = await new Entrance(device.ports).open();
  return await session.api.transport.call(getHead, { params: { volumeId: toBase64Url(volumeId) as VolumeId } });
}

const decoded = (text: string): Uint8Array => fromBase64Url(text);

describe("another person's keys", () => {
  /** Keys of the attacker's, in an identity record with bob's name and id. */
  async function forgedIdentity(of: PersonReply, seed: Uint8Array): Promise<string> {
    const { publicKey: sealingKey } = await kemKeyPairFromSeed(randomBytes(32));
    const { userId, name } = of;
    return toBase64Url(signIdentity({ userId: decoded(userId), signatureSeed: seed, sealingKey, createdMs: 1, name }));
  }

  it("A4 at first contact are found out by the digits, and nobody is pinned", async () => {
    const { sharing } = await alice.laptop.drive;
    const digits = (await (await bob.laptop.account).whoami()).fingerprint;
    const forged = await forgedIdentity(
      { userId: (await (await bob.laptop.account).whoami()).userId, name: "bob", records: [] },
      randomBytes(32),
    );
    let ofCarol: PersonReply | undefined;
    alice.laptop.network.alterJson<PersonReply>("lookUpPerson", (reply) => {
      ofCarol = reply;
      return reply;
    });
    await sharing.contact("carol");
    await expectRefused({
      device: alice.laptop,
      lies: {
        "made-up keys": (evil) =>
          evil.alterJson<PersonReply>("lookUpPerson", (reply) => ({ ...reply, records: [forged] })),
        "somebody else's record": (evil) =>
          evil.alterJson<PersonReply>("lookUpPerson", (reply) => ({ ...reply, records: ofCarol!.records })),
        "somebody else": (evil) => evil.alterJson<PersonReply>("lookUpPerson", () => ofCarol),
        "no keys at all": (evil) => evil.alterJson<PersonReply>("lookUpPerson", (reply) => ({ ...reply, records: [] })),
      },
      act: () => sharing.verifyContact("bob", digits),
      refused: isViolation,
      ...{ toldBy: "lookUpPerson", mayFollow: [] },
    });
    expect(sharing.contacts().map(({ name, verified }) => [name, verified])).toEqual([["bob", true]]);
  });

  it("A4 once they are pinned are a hard stop, also by a forged chain: nothing is made, sealed or sent", async () => {
    const { sharing } = await alice.laptop.drive;
    await share(carol, "viewer");
    await sharing.verifyContact("bob", (await (await bob.laptop.account).whoami()).fingerprint);
    const seed = randomBytes(32);
    let honest: PersonReply | undefined;
    alice.laptop.network.alterJson<PersonReply>("lookUpPerson", (reply) => {
      honest = reply;
      return reply;
    });
    await sharing.contact("bob");
    const fresh = await forgedIdentity(honest!, seed);
    const first = decodeIdentity(decoded(honest!.records[0]!));
    const { publicKey: sealingKey } = await kemKeyPairFromSeed(randomBytes(32));
    // It says that it follows bob's first identity, and the attacker signs for him.
    const next = toBase64Url(
      signIdentity({
        ...{ userId: first.userId, signatureSeed: seed, sealingKey, createdMs: 2, name: "bob" },
        previous: { record: first, signatureSeed: seed },
      }),
    );
    const otherId = toBase64Url(randomBytes(16));
    const renamed = await forgedIdentity({ ...honest!, userId: otherId }, seed);
    await expectRefused({
      device: alice.laptop,
      lies: {
        "other keys": (evil) => evil.alterJson("lookUpPerson", () => ({ ...honest, records: [fresh] })),
        "a chain that bob did not sign": (evil) =>
          evil.alterJson("lookUpPerson", () => ({ ...honest, records: [...honest!.records, next] })),
        "the end of that chain alone": (evil) => evil.alterJson("lookUpPerson", () => ({ ...honest, records: [next] })),
        "another account of that name": (evil) =>
          evil.alterJson("lookUpPerson", () => ({ ...honest, userId: otherId, records: [renamed] })),
      },
      act: () => share(bob),
      refused: isViolation,
      ...{ toldBy: "lookUpPerson", mayFollow: [] },
    });
  });
});

describe("members and keys that only the server names", () => {
  it("E12, A9 get no key: a new key goes to those of the signed list, whoever else the server says is in it", async () => {
    await share();
    await accept(bob);
    await share(carol, "viewer");
    const { laptop } = alice;
    const { sharing } = await laptop.drive;
    const dave = (await world.people("dave")).dave;
    const daves = await handOf(dave);
    const ofDave = await (await new Entrance(laptop.ports).open()).api.transport.call(lookUpPerson, {
      params: { name: "dave" as UserName },
    });
    const invented = { userId: toBase64Url(daves.subjectId), acceptedMs: 5, leftMs: null };
    laptop.network.alterJson<{ members: unknown[] }>("listMembers", ({ members }) => ({
      members: [...members, invented],
    }));
    laptop.network.alterJson<Head>("getHead", (head) => ({
      ...head,
      identities: [...head.identities, ...ofDave.records],
    }));
    laptop.network.record();
    await sharing.remove(await laptop.find("/Folder"), ["carol"]);
    laptop.network.behave();
    const sent = laptop.network.recorded.filter(({ route }) => route === "postCommit").at(-1)!;
    const { envelopes, manifest } = JSON.parse(new TextDecoder().decode(sent.body)) as {
      envelopes: string[];
      manifest: string;
    };
    const signed = decodeManifest(decoded(manifest));
    expect(signed.g).toBe(1);
    const listed = [...signed.members].map(({ fingerprint }) => toHex(fingerprint)).sort();
    expect(listed).toHaveLength(2);
    expect(envelopes.map((text) => toHex(parseEnvelope(decoded(text)).recipientFingerprint)).sort()).toEqual(listed);
    expect(listed).not.toContain(toHex(daves.fingerprint));
  });

  it("E8, D3 are refused: a removed member who is put back, a role that nobody gave, an older list", async () => {
    await share(bob, "viewer");
    const volumeId = await accept(bob);
    await share(carol, "editor");
    const before = await headOf(alice.laptop, volumeId);
    const { sharing } = await alice.laptop.drive;
    await alice.phone.names("/Folder");
    await sharing.remove(await alice.laptop.find("/Folder"), ["carol"]);
    const after = await headOf(alice.laptop, volumeId);
    const bobs = await handOf(bob);
    const last = decodeManifest(decoded(after.manifests.at(-1)!));
    const forged = (fields: Partial<Manifest>, seed: Uint8Array) => {
      const manifest = signManifest(
        {
          ...last,
          ...{ version: last.version + 1, previousManifestHash: last.hash, nonce: new Uint8Array(32) },
          ...{ members: [...last.members], ...(fields as object) },
        } as never,
        seed,
      );
      const next = decodeManifest(manifest);
      const head = decodeCommit(decoded(after.commit));
      const commit = signCommit(
        {
          ...head,
          ...{ sequence: head.sequence + 1, previousCommitHash: head.hash, timeMs: head.timeMs + 1 },
          ...{ manifestVersion: next.version, manifestHash: next.hash, writerFingerprint: next.signerFingerprint },
        },
        seed,
      );
      return { ...after, commit: toBase64Url(commit), manifests: [...after.manifests, toBase64Url(manifest)] };
    };
    const old = decodeManifest(decoded(before.manifests.at(-1)!));
    const carolsRow = [...old.members].find(({ role }) => role === ROLES.editor)!;
    const promoted = [...last.members].map((row) =>
      row.role === ROLES.viewer ? { ...row, role: ROLES.manager } : row,
    );
    const back = [...last.members, carolsRow].sort((a, b) => Buffer.compare(a.subjectId, b.subjectId));
    const own = { signerFingerprint: bobs.fingerprint };
    await alice.phone.catchUp();
    const follow = (head: Head) => (evil: EvilServer) => {
      const { sequence, hash } = decodeCommit(decoded(head.commit));
      evil.alterJson("getHead", () => head);
      evil.alterJson("listCommits", () => ({
        ...{ commits: [head.commit], headSequence: sequence, headHash: toBase64Url(hash), more: false },
      }));
    };
    const volume = (await alice.phone.drive).volumes.opened.find((each) => equalBytes(each.volumeId, volumeId))!;
    await expectRefused({
      device: alice.phone,
      lies: {
        "a viewer who makes himself a manager": follow(
          forged({ ...own, members: promoted as never }, bobs.signatureSeed),
        ),
        "somebody who was removed, by a viewer": follow(forged({ ...own, members: back as never }, bobs.signatureSeed)),
        "somebody who was removed, in the owner's name": follow(forged({ members: back as never }, bobs.signatureSeed)),
        "the list of before": (evil) => {
          const { sequence, hash } = decodeCommit(decoded(before.commit));
          evil.alterJson("getHead", () => before);
          evil.alterJson("listCommits", () => ({
            ...{ commits: [], headSequence: sequence, headHash: toBase64Url(hash), more: false },
          }));
        },
      },
      act: () => volume.catchUp(),
      refused: isViolation,
    });
    // What the server says beside the list makes nobody a member, and nobody another one.
    alice.phone.network.alterJson<{ members: { userId: string }[] }>("listMembers", ({ members }) => ({
      members: members.map((row) => ({ ...row, role: "manager", acceptedMs: 1, leftMs: null })),
    }));
    const phones = (await alice.phone.drive).sharing;
    const rows = await phones.members(await alice.phone.find("/Folder"));
    expect(rows.map(({ name, role }) => `${name} ${role}`).sort()).toEqual(["alice owner", "bob viewer"]);
  });

  it("E9 a reader who signs a change is refused by who may read it, whatever the server took", async () => {
    await share(bob, "viewer");
    const volumeId = await accept(bob);
    await alice.phone.names("/Folder");
    const bobs = await handOf(bob);
    const head = decodeCommit(decoded((await headOf(bob.laptop, volumeId)).commit));
    const commit = signCommit(
      {
        ...head,
        ...{ sequence: head.sequence + 1, kind: 0, previousCommitHash: head.hash, timeMs: head.timeMs + 1 },
        ...{ writerFingerprint: bobs.fingerprint, changes: [], added: [], dropped: [], abandoned: [] },
      },
      bobs.signatureSeed,
    );
    const { hash, sequence } = decodeCommit(commit);
    const volume = (await alice.phone.drive).volumes.opened.find((each) => equalBytes(each.volumeId, volumeId))!;
    await expectRefused({
      device: alice.phone,
      lies: {
        "as the next one": (evil) =>
          evil.alterJson("listCommits", () => ({
            ...{ commits: [toBase64Url(commit)], headSequence: sequence, headHash: toBase64Url(hash), more: false },
          })),
      },
      act: () => volume.catchUp(),
      refused: hasCode("commit_invalid"),
    });
    // And his own device does not even try.
    const asked = bob.laptop.network.asked.length;
    await expect(bob.laptop.makeFolder("/Folder/mine")).rejects.toMatchObject({ code: "read_only" });
    expect(bob.laptop.network.asked.slice(asked).filter((route) => WRITES.includes(route))).toEqual([]);
  });

  it("E11 an owner who sends one member another key than the others is found out, and nothing is written under it", async () => {
    await share();
    const { sharing } = await bob.laptop.drive;
    const hand = await handOf(alice);
    const bobs = await handOf(bob);
    const equivocate = (head: Head, volumeKey: Uint8Array): Promise<Head> =>
      otherEnvelope(head, { volumeKey, sender: hand, recipient: bobs.fingerprint });
    const [volumeId] = await offered(bob.laptop);
    const honest = await headOf(bob.laptop, volumeId!);
    const lie = await equivocate(honest, new Uint8Array(32).fill(0x5a));
    bob.laptop.network.alterJson("getHead", () => lie);
    const problems: unknown[] = [];
    expect(await sharing.invitations({ onProblem: (error) => problems.push(error) })).toEqual([]);
    expect(problems).toEqual([expect.objectContaining({ code: "volume_key" })]);
    expect(isViolation(problems[0])).toBe(true);
    expect(await refusalOf(sharing.accept(volumeId!))).toMatchObject({ code: "volume_key" });
    expect(bob.laptop.network.asked.filter((route) => WRITES.includes(route))).toEqual([]);
    bob.laptop.network.behave();
    await accept(bob);
    expect(await bob.laptop.readText("/Folder/one.txt")).toBe("one");
  });
});

async function offered(device: Device): Promise<Uint8Array[]> {
  const session = await new Entrance(device.ports).open();
  const { volumes } = await session.api.transport.call(listVolumes, {});
  return volumes.filter(({ accepted }) => !accepted).map(({ volumeId }) => fromBase64Url(volumeId));
}

/** The head with another key for somebody, in an envelope that is right in everything but what the list commits to. */
async function otherEnvelope(
  head: Head,
  options: {
    readonly volumeKey: Uint8Array;
    readonly sender: { readonly fingerprint: Uint8Array; readonly signatureSeed: Uint8Array };
    readonly recipient: Uint8Array;
  },
): Promise<Head> {
  const { volumeKey, sender, recipient } = options;
  const manifest = decodeManifest(decoded(head.manifests.at(-1)!));
  const identity = head.identities
    .map((text) => decodeIdentity(decoded(text)))
    .find(({ fingerprint }) => equalBytes(fingerprint, recipient))!;
  const header = encodeEnvelopeHeader({
    ...{ volumeId: manifest.volumeId, g: manifest.g, manifestVersion: manifest.version },
    ...{ senderFingerprint: sender.fingerprint, recipientFingerprint: recipient },
  });
  const info = envelopeInfo(header);
  const secret = concatBytes(volumeKey, uint64(0), new Uint8Array(32));
  const signature = signLabelled("envelope", sender.signatureSeed, envelopeMessage(info, manifest.hash, secret));
  const { enc, ciphertext } = await hpkeSeal({
    ...{ recipientPublicKey: identity.sealingKey, info, aad: manifest.hash },
    plaintext: concatBytes(secret, signature),
  });
  return { ...head, envelopes: [toBase64Url(encodeEnvelope(header, enc, ciphertext))] };
}

describe("somebody who was removed", () => {
  it("E6 with every key they had and everything the server stores opens nothing that was written afterwards", async () => {
    await share();
    const volumeId = await accept(bob);
    await bob.laptop.readText("/Folder/one.txt");
    const bobs = await handOf(bob);
    const kept = new Map((await bob.laptop.drive).volumes.opened.at(-1)!.keys);
    expect([...kept.keys()]).toEqual([0]);
    await (await alice.laptop.drive).sharing.remove(await alice.laptop.find("/Folder"), ["bob"]);
    const cut = (await headOf(alice.laptop, volumeId)).sequence;
    await alice.laptop.write("/Folder/two.txt", "written afterwards");
    await alice.laptop.write("/Folder/new/three.txt", "written afterwards, too");

    const { database } = world.server.context;
    const all = <Row>(table: string) =>
      database.read
        .selectFrom(table as "pages")
        .selectAll()
        .where("volume_id", "=", volumeId)
        .execute() as unknown as Promise<Row[]>;
    const pages = await all<{ record: Uint8Array; sequence: number; bits: number; bits_length: number }>("pages");
    const newer = pages.filter(({ sequence }) => sequence > cut);
    expect(newer.length).toBeGreaterThan(2);
    const open = async (record: Uint8Array, volumeKeys: ReadonlyMap<number, Uint8Array>) => {
      const { header } = parsePageRecord(record);
      const { nodeId, bits, bitsLength, version } = header;
      const expected = { nodeId, bits, bitsLength, version, recordHash: pageRecordHash(record) };
      return await openPage({ volumeId, expected, headG: 1, volumeKeys, record });
    };
    // Every key, in the place of every other.
    const asAny = new Map([...kept, ...[...kept.values()].map((key) => [1, key] as const)]);
    for (const { record } of newer) await expect(open(record, asAny)).rejects.toMatchObject({ code: /integrity/ });
    const manifests = (await all<{ record: Uint8Array }>("manifests")).map(({ record }) => decodeManifest(record));
    const newest = manifests.find(({ g }) => g === 1)!;
    const sealed = (await all<{ g: number; sealed: Uint8Array }>("previous_keys"))[0]!.sealed;
    for (const volumeKey of kept.values()) {
      const place = { volumeId, g: 1, volumeKey, commitmentOf: () => newest.vkCommitment };
      await expect(openPreviousKeys(place, sealed)).rejects.toThrow();
    }
    const identities = await database.read.selectFrom("identities").selectAll().execute();
    const signatureKeys = signatureKeysOf(identities.flatMap(({ record }) => verifyIdentityChain([record])));
    const envelopes = await all<{ g: number; record: Uint8Array }>("envelopes");
    const ofNewKey = envelopes.filter(({ g }) => g === 1);
    expect(ofNewKey.length).toBeGreaterThan(0);
    const recipient = { fingerprint: bobs.fingerprint, sealingSeed: bobs.sealingSeed };
    for (const { record } of ofNewKey) {
      const envelope = parseEnvelope(record);
      const question = { manifest: newest, signatureKeys, purpose: "generation" } as const;
      await expect(openEnvelope({ ...question, envelope, recipient })).rejects.toThrow();
      // Nor when somebody else's is handed to him as if it were his.
      const stolen = { ...envelope, recipientFingerprint: bobs.fingerprint };
      await expect(openEnvelope({ ...question, envelope: stolen, recipient })).rejects.toThrow();
    }
    // Control: the keys of who stayed open all of it.
    await alice.phone.names("/Folder");
    const keys = (await alice.phone.drive).volumes.opened.at(-1)!.keys;
    for (const { record } of newer) expect(await open(record, keys)).toHaveProperty("entries");
    expect(await alice.phone.readText("/Folder/new/three.txt")).toBe("written afterwards, too");
  });
});

describe("invitations", () => {
  it("E14 are nobody's but who is named: the server's help gives a stranger no key", async () => {
    await share();
    const [volumeId] = await offered(bob.laptop);
    const { sharing } = await carol.laptop.drive;
    expect(await refusalOf(sharing.accept(volumeId!))).toMatchObject({ code: "no_invitation" });
    const session = await new Entrance(bob.laptop.ports).open();
    const params = { volumeId: toBase64Url(volumeId!) as VolumeId };
    const head = await session.api.transport.call(getHead, { params });
    const list = await readBounded(await session.api.transport.call(getPageList, { params }), 1_000_000);
    const commits = await session.api.transport.call(listCommits, { params, query: { after: 0 } });
    const { network } = carol.laptop;
    network.alterJson<{ volumes: unknown[] }>("listVolumes", ({ volumes }) => ({
      volumes: [
        ...volumes,
        {
          volumeId: params.volumeId,
          sequence: 1,
          headHash: toBase64Url(randomBytes(32)),
          pending: false,
          accepted: false,
        },
      ],
    }));
    network.interfere("getHead", async () => jsonAnswer(head));
    network.interfere("listCommits", async () => jsonAnswer(commits));
    network.interfere("getPageList", async () => ({
      ...{
        status: 200,
        headers: { "content-type": "application/octet-stream", "content-length": String(list.length) },
      },
      body: list,
    }));
    const problems: unknown[] = [];
    expect(await sharing.invitations({ onProblem: (error) => problems.push(error) })).toEqual([]);
    expect(problems).toEqual([expect.objectContaining({ code: "volume_key" })]);
    network.behave();
    await accept(bob);
    expect(await bob.laptop.readText("/Folder/one.txt")).toBe("one");
  });

  it("E15 a mount that others put there grants nothing: not into what was not accepted, not into another volume", async () => {
    await share(carol);
    await accept(carol);
    await carol.laptop.write("/Trap/bait.txt", "bait");
    const carols = (await carol.laptop.drive).sharing;
    await carols.share(await carol.laptop.find("/Trap"), { person: "alice", role: "editor" });
    const [trapId] = await offered(alice.laptop);
    const trap = await headOf(carol.laptop, trapId!);
    const genesisCommitHash = decodeCommit(decoded(trap.genesis)).hash;
    const { mount } = (await carol.laptop.find("/Folder")).entry;
    const put = async (device: Device, volumeId: Uint8Array, entry: { name: string; mount: unknown }) => {
      const volume = await (await device.drive).volumes.volume(volumeId);
      const times = { createdMs: 1, modifiedMs: 1, addedBy: new Uint8Array(16) };
      await volume.change((editor) => editor.addEntries(volumeId, [{ type: 2, ...times, ...entry } as never]));
    };
    await put(carol.laptop, mount!.volumeId, { name: "Trap", mount: { volumeId: trapId!, genesisCommitHash } });
    await alice.laptop.catchUp();
    expect(await refusalOf(alice.laptop.names("/Folder/Trap"))).toMatchObject({ code: "mount_not_accepted" });
    await accept(alice);
    expect(await alice.laptop.names("/Folder/Trap")).toEqual(["bait.txt"]);
    // A genesis that the volume does not begin with.
    const home = (await alice.phone.drive).volume.volumeId;
    const wrong = { volumeId: trapId!, genesisCommitHash: new Uint8Array(32).fill(9) };
    await put(alice.phone, home, { name: "Other", mount: wrong });
    const error = await refusalOf(alice.phone.names("/Other"));
    expect([error.code, isViolation(error)]).toEqual(["mounted_volume", true]);
    expect(await alice.phone.names("/Trap")).toEqual(["bait.txt"]);
    // Mounts in a circle end a walk.
    await put(carol.laptop, trapId!, { name: "Round", mount: { ...mount! } });
    await alice.laptop.catchUp();
    const seen: string[] = [];
    for await (const step of (await alice.laptop.drive).files.walk((await alice.laptop.drive).files.rootId))
      seen.push(step.path);
    expect(seen).toContain("Folder/Trap/Round");
    expect(seen.length).toBeLessThan(20);
  });

  it("E15 take nobody's place, are never one's own drive, and a hostile name is no name", async () => {
    await bob.laptop.write("/Folder/own.txt", "bob's own");
    const hostile = "../../.ssh/authorized_keys";
    await share();
    const { sharing } = await bob.laptop.drive;
    const home = (await bob.laptop.drive).volume;
    bob.laptop.network.alterJson<{ volumes: { volumeId: string }[] }>("listVolumes", ({ volumes }) => ({
      volumes: volumes.map((volume) => ({ ...volume, accepted: false, pending: false })),
    }));
    const open = await sharing.invitations();
    expect(open.map(({ owner }) => owner.name)).toEqual(["alice"]);
    expect(await refusalOf(sharing.accept(home.volumeId))).toMatchObject({ code: "no_invitation" });
    bob.laptop.network.behave();
    for (const name of [hostile, "", "..", "a\u0000b"])
      expect(await refusalOf(sharing.accept(open[0]!.volumeId, { name }))).toMatchObject({ code: "bad_name" });
    expect(await refusalOf(sharing.accept(open[0]!.volumeId, { name: "Folder" }))).toMatchObject({
      code: "name_taken",
    });
    const before = await bob.laptop.find("/Folder");
    expect(await sharing.accept(open[0]!.volumeId)).toMatchObject({ name: "Folder (2)" });
    expect((await bob.laptop.find("/Folder")).childId).toEqual(before.childId);
    expect(await bob.laptop.readText("/Folder/own.txt")).toBe("bob's own");
    expect(await bob.laptop.names("/")).toEqual(["Folder", "Folder (2)"]);
  });
});
