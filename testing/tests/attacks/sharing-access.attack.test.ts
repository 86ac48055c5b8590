/** Who reads what is shared: those who were removed, those who were not named, and what an invitation may do to a drive. */

import { fromBase64Url, toBase64Url } from "@excalibur/core/bytes";
import { parseEnvelope, signatureKeysOf, verifyIdentityChain } from "@excalibur/core/identity";
import { openEnvelope } from "@excalibur/core/keys";
import { randomBytes } from "@excalibur/core/primitives";
import { getHead, getPageList, listCommits, type VolumeId } from "@excalibur/core/protocol";
import { openPage, openPreviousKeys } from "@excalibur/core/volume/content";
import { decodeCommit, decodeManifest, pageRecordHash, parsePageRecord } from "@excalibur/core/volume/record";
import { isViolation } from "@excalibur/sdk";
import { Entrance } from "@excalibur/sdk/account";
import { readBounded } from "@excalibur/sdk/transport";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { acceptFirst, handOf, headOf, offeredTo, refusalOf, share } from "../../src/attacks/index.ts";
import { type Device, jsonAnswer, type Person, World } from "../../src/index.ts";

const decoded = (text: string): Uint8Array => fromBase64Url(text);

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

describe("somebody who was removed", () => {
  it("E6 with every key they had and everything the server stores opens nothing that was written afterwards", async () => {
    await share(alice.laptop, "/Folder", bob);
    const volumeId = await acceptFirst(bob.laptop);
    await bob.laptop.readText("/Folder/one.txt");
    const bobs = await handOf(bob.laptop);
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
    await share(alice.laptop, "/Folder", bob);
    const [volumeId] = await offeredTo(bob.laptop);
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
    await acceptFirst(bob.laptop);
    expect(await bob.laptop.readText("/Folder/one.txt")).toBe("one");
  });

  it("E15 a mount that others put there grants nothing: not into what was not accepted, not into another volume", async () => {
    await share(alice.laptop, "/Folder", carol);
    await acceptFirst(carol.laptop);
    await carol.laptop.write("/Trap/bait.txt", "bait");
    const carols = (await carol.laptop.drive).sharing;
    await carols.share(await carol.laptop.find("/Trap"), { person: "alice", role: "editor" });
    const [trapId] = await offeredTo(alice.laptop);
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
    await acceptFirst(alice.laptop);
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
    await share(alice.laptop, "/Folder", bob);
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
