import { fromBase64Url, toBase64Url } from "@excalibur/core/bytes";
import { getHead, getObject, getPageList, listCommits, type ObjectId, type VolumeId } from "@excalibur/core/protocol";
import { decodeCommit, signCommit } from "@excalibur/core/volume/record";
import { FolderDamagedError, isViolation } from "@excalibur/sdk";
import { Entrance } from "@excalibur/sdk/account";
import { describe, expect, it } from "vitest";
import { type Device, type Person, World } from "../../src/index.ts";

interface Commits {
  commits: string[];
  headSequence: number;
  headHash: string;
  more: boolean;
}

/** A drive with two folders in which a file has the same name. */
async function furnish(device: Device): Promise<void> {
  await device.write("/salaries/list.txt", "what people earn");
  await device.write("/lunch/list.txt", "what people eat");
}

async function sequenceOf(device: Device): Promise<number> {
  return (await device.drive).volume.head.sequence;
}

/** Cuts a `fetchPages` answer into its records. */
function recordsOf(body: Uint8Array): Buffer[] {
  const bytes = Buffer.from(body);
  const records: Buffer[] = [];
  for (let at = 0; at < bytes.length; ) {
    const length = bytes.readUInt32BE(at);
    records.push(bytes.subarray(at + 4, at + 4 + length));
    at += 4 + length;
  }
  return records;
}

function pagesAnswer(records: readonly Buffer[]): Buffer {
  const pieces = records.map((record) => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(record.length);
    return Buffer.concat([length, record]);
  });
  return Buffer.concat(pieces);
}

/** The places of a page record at which what a server can see of it stands. */
const HEADER_PLACES = { volume: 4, node: 20, bitsLength: 36, bits: 37, version: 46, g: 50, manifest: 54, writer: 118 };

describe("a folder's pages", () => {
  it("D1 in the place of one another's are damage of these folders, and the rest is fine", async () => {
    await using world = await World.start();
    const { alice } = await world.people("alice");
    await furnish(alice.laptop);
    await alice.laptop.write("/fine/fine.txt", "fine");
    const { files } = await alice.phone.drive;
    await alice.phone.find("/lunch");
    const served = new Map<string, Buffer>();
    const [salaries, lunch] = [await files.resolveFolder("/salaries"), await files.resolveFolder("/lunch")];
    alice.phone.network.alter("fetchPages", (body) => {
      for (const record of recordsOf(body)) served.set(record.subarray(20, 36).toString("hex"), record);
      const swap = new Map([
        [Buffer.from(salaries).toString("hex"), Buffer.from(lunch).toString("hex")],
        [Buffer.from(lunch).toString("hex"), Buffer.from(salaries).toString("hex")],
      ]);
      const swapped = recordsOf(body).map((record) => {
        const other = swap.get(record.subarray(20, 36).toString("hex"));
        return served.get(other ?? "") ?? record;
      });
      return pagesAnswer(swapped);
    });
    // Asked for together, so that each has the other one's record at hand.
    const { volume } = await alice.phone.drive;
    await volume.prefetch([salaries, lunch]);
    const listings = [await files.list(salaries), await files.list(lunch)];
    expect(listings.map(({ damage }) => damage.map(isViolation))).toEqual([[true], [true]]);
    expect(listings.flatMap(({ items }) => items)).toEqual([]);
    expect(await alice.phone.readText("/fine/fine.txt")).toBe("fine");

    alice.phone.network.behave();
    expect(await alice.phone.readText("/salaries/list.txt")).toBe("what people earn");
  });

  it("D3, D8 of yesterday, or of nobody, are damage: nothing deleted comes back, nothing invented is shown", async () => {
    await using world = await World.start();
    const { alice, bob } = await world.people("alice", "bob");
    await furnish(alice.laptop);
    const yesterday = new Map<string, Buffer>();
    alice.phone.network.alter("fetchPages", (body) => {
      for (const record of recordsOf(body)) yesterday.set(record.subarray(20, 36).toString("hex"), record);
      return body;
    });
    expect(await alice.phone.names("/salaries")).toEqual(["list.txt"]);
    await alice.laptop.trash("/salaries/list.txt");
    await alice.laptop.write("/salaries/new.txt", "new");
    await bob.laptop.makeFolder("/of bob");
    const ofBob: Buffer[] = [];
    bob.phone.network.alter("fetchPages", (body) => {
      ofBob.push(...recordsOf(body));
      return body;
    });
    expect(await bob.phone.names("/")).toEqual(["of bob"]);

    for (const forge of [
      (record: Buffer) => yesterday.get(record.subarray(20, 36).toString("hex")) ?? record,
      () => ofBob[0]!,
      () => Buffer.alloc(1_000),
      (record: Buffer) => record.subarray(0, 300),
    ]) {
      alice.phone.network.alter("fetchPages", (body) => pagesAnswer(recordsOf(body).map(forge)));
      await alice.phone.catchUp();
      const { files } = await alice.phone.drive;
      const listing = await files.list(await files.resolveFolder("/salaries").catch(() => files.rootId));
      expect(listing.items.map(({ name }) => name)).not.toContain("list.txt");
      expect(listing.damage.every(isViolation)).toBe(true);
      expect(listing.damage).not.toEqual([]);
    }
    alice.phone.network.behave();
    expect(await alice.phone.names("/salaries")).toEqual(["new.txt"]);
  });

  it.each(Object.entries(HEADER_PLACES))(
    "D2 with another %s in what a server can see are refused",
    async (_, place) => {
      await using world = await World.start();
      const { alice } = await world.people("alice");
      await furnish(alice.laptop);
      alice.phone.network.alter("fetchPages", (body) => {
        const records = recordsOf(body).map((record) => Buffer.from(record));
        for (const record of records) record[place] = record[place]! ^ 1;
        return pagesAnswer(records);
      });
      await expect(alice.phone.names("/")).rejects.toSatisfy(isViolation);
      // Nobody writes over what he cannot read.
      await expect(alice.phone.makeFolder("/new")).rejects.toThrow(FolderDamagedError);
      alice.phone.network.behave();
      expect(await alice.phone.names("/")).toEqual(["lunch", "salaries"]);
    },
  );
});

describe("the list of pages that a fresh device gets", () => {
  it.each([
    ["lacks one", (list: Buffer) => list.subarray(0, -60)],
    ["lacks all", (list: Buffer) => list.subarray(0, 40)],
    ["has one twice", (list: Buffer) => Buffer.concat([list, list.subarray(-60)])],
    ["has an older version of one", (list: Buffer) => flip(list, list.length - 33)],
    ["has another hash", (list: Buffer) => flip(list, list.length - 1)],
  ])("D3, D8 is refused when it %s", async (_, forge) => {
    await using world = await World.start();
    const { alice } = await world.people("alice");
    await furnish(alice.laptop);
    alice.phone.network.alter("getPageList", (body) => forge(Buffer.from(body)));
    await expect(alice.phone.names("/")).rejects.toSatisfy(isViolation);
    alice.phone.network.behave();
    expect(await alice.phone.names("/")).toEqual(["lunch", "salaries"]);
  });
});

describe("an answer that announces far more than it may hold", () => {
  it.each(["getPageList", "fetchPages"])("C7 to %s is refused before memory is set aside for it", async (route) => {
    await using world = await World.start();
    const { alice } = await world.people("alice");
    await furnish(alice.laptop);
    for (const announced of [8_000_000_000, 10 ** 14]) {
      alice.phone.network.interfere(route, async (_, ask) => {
        const answer = await ask();
        return { ...answer, headers: { ...answer.headers, "content-length": String(announced) } };
      });
      await expect(alice.phone.names("/")).rejects.toMatchObject({ code: "gateway" });
    }
    alice.phone.network.behave();
    expect(await alice.phone.names("/")).toEqual(["lunch", "salaries"]);
  });
});

function flip(bytes: Buffer, offset: number): Buffer {
  const copy = Buffer.from(bytes);
  copy[offset] = copy[offset]! ^ 1;
  return copy;
}

/** The keys with which somebody signs. */
async function hand(person: Person): Promise<{ fingerprint: Uint8Array; signatureSeed: Uint8Array }> {
  const { fingerprint, signatureSeed } = await (await new Entrance(person.laptop.ports).open()).member();
  return { fingerprint, signatureSeed };
}

describe("a commit", () => {
  it("D3 that the owner did not sign, or that does not follow, is not accepted", async () => {
    await using world = await World.start();
    const { alice, bob } = await world.people("alice", "bob");
    await furnish(alice.laptop);
    await alice.phone.catchUp();
    const before = await sequenceOf(alice.phone);
    await alice.laptop.makeFolder("/next");
    const stranger = await hand(bob);
    const owner = await hand(alice);

    type Change = (commit: ReturnType<typeof decodeCommit>) => Uint8Array;
    const forgeries: Record<string, Change> = {
      "a flipped bit": (commit) => flip(Buffer.from(commit.bytes), 60),
      "a flipped bit of the signature": (commit) => flip(Buffer.from(commit.bytes), commit.bytes.length - 1),
      "a stranger's name and signature": (commit) =>
        signCommit({ ...commit, writerFingerprint: stranger.fingerprint }, stranger.signatureSeed),
      "the owner's name and a stranger's signature": (commit) => signCommit(commit, stranger.signatureSeed),
      "another state than its changes make": (commit) =>
        signCommit({ ...commit, stateRoot: new Uint8Array(32).fill(7) }, owner.signatureSeed),
      "changes left out": (commit) => signCommit({ ...commit, changes: [] }, owner.signatureSeed),
      "another volume": (commit) =>
        signCommit({ ...commit, volumeId: new Uint8Array(16).fill(7) }, owner.signatureSeed),
      "a number left out": (commit) => signCommit({ ...commit, sequence: commit.sequence + 1 }, owner.signatureSeed),
      "a time before its predecessor's": (commit) => signCommit({ ...commit, timeMs: 1 }, owner.signatureSeed),
      "another generation": (commit) => signCommit({ ...commit, g: commit.g + 1 }, owner.signatureSeed),
      "another member list": (commit) =>
        signCommit({ ...commit, manifestHash: new Uint8Array(32).fill(7) }, owner.signatureSeed),
    };
    for (const [what, forge] of Object.entries(forgeries)) {
      alice.phone.network.alterJson<Commits>("listCommits", (reply) => ({
        ...reply,
        commits: reply.commits.map((commit) => toBase64Url(forge(decodeCommit(fromBase64Url(commit))))),
      }));
      await expect(alice.phone.catchUp(), what).rejects.toSatisfy(isViolation);
      expect(await sequenceOf(alice.phone)).toBe(before);
    }
    alice.phone.network.behave();
    await alice.phone.catchUp();
    expect(await alice.phone.names("/")).toEqual(["lunch", "next", "salaries"]);
  });

  it("G2 and everything else of a volume is not given to people who are no members", async () => {
    await using world = await World.start();
    const { alice, bob } = await world.people("alice", "bob");
    await furnish(alice.laptop);
    const { transport } = (await new Entrance(bob.laptop.ports).open()).api;
    const params = { volumeId: toBase64Url((await alice.laptop.drive).volume.volumeId) as VolumeId };
    const hidden = { code: "not_found" };
    await expect(transport.call(getHead, { params })).rejects.toMatchObject(hidden);
    await expect(transport.call(listCommits, { params, query: { after: 0 } })).rejects.toMatchObject(hidden);
    await expect(transport.call(getPageList, { params })).rejects.toMatchObject(hidden);
    const { entry } = await alice.laptop.find("/lunch/list.txt");
    const objectId = toBase64Url(entry.file!.objectId) as ObjectId;
    await expect(transport.call(getObject, { params: { objectId } })).rejects.toMatchObject(hidden);
    const own = { params: { volumeId: toBase64Url((await bob.laptop.drive).volume.volumeId) as VolumeId } };
    await expect(transport.call(getHead, own)).resolves.toMatchObject({ sequence: 0 });
  });
});

describe("a server that was set back", () => {
  it("D6 is caught by everybody who saw more, who keep what they have", async () => {
    await using world = await World.start();
    const { alice } = await world.people("alice");
    await furnish(alice.laptop);
    const backup = await world.backUp();
    await alice.laptop.write("/salaries/raise.txt", "a raise");
    await alice.laptop.find("/salaries");

    await world.restore(backup);
    await expect(alice.laptop.catchUp()).rejects.toMatchObject({ code: "rollback" });
    expect(await alice.laptop.names("/salaries")).toEqual(["list.txt", "raise.txt"]);
    await expect(alice.laptop.makeFolder("/new")).rejects.toMatchObject({ code: "rollback" });
    const again = await world.restartDevice(alice.laptop);
    await expect(again.names("/")).rejects.toMatchObject({ code: "rollback" });
    // Somebody who saw nothing newer notices nothing, and loses nothing.
    expect(await alice.phone.names("/salaries")).toEqual(["list.txt"]);
  });

  it("D6 is caught by a fresh device, because the keyring says what another device of the person has seen", async () => {
    await using world = await World.start();
    const { alice } = await world.people("alice");
    await furnish(alice.laptop);
    const old = new Map<string, unknown>();
    for (const route of ["getHead", "listCommits"]) {
      alice.phone.network.alterJson(route, (reply) => {
        old.set(route, reply);
        return reply;
      });
    }
    let oldList: Uint8Array = new Uint8Array();
    alice.phone.network.alter("getPageList", (body) => {
      oldList = body;
      return body;
    });
    await alice.phone.names("/");
    await alice.laptop.makeFolder("/newer");
    await (await alice.laptop.account).signOut();

    const tablet = await alice.device("tablet");
    tablet.network.alterJson("getHead", () => old.get("getHead"));
    tablet.network.alterJson("listCommits", () => ({ ...(old.get("listCommits") as Commits), commits: [] }));
    tablet.network.alter("getPageList", () => oldList);
    await expect(tablet.names("/")).rejects.toMatchObject({ code: "rollback" });
    tablet.network.behave();
    expect(await tablet.names("/")).toContain("newer");
  });

  it("D7 and went on with other people is a fork, with both commits kept as evidence", async () => {
    await using world = await World.start();
    const { alice } = await world.people("alice");
    await furnish(alice.laptop);
    await alice.phone.catchUp();
    const backup = await world.backUp();
    await alice.laptop.makeFolder("/seen by the laptop");
    const ours = (await alice.laptop.drive).volume.head;
    await world.restore(backup);
    await alice.phone.makeFolder("/seen by the phone");
    const theirs = (await alice.phone.drive).volume.head;
    expect(theirs.sequence).toBe(ours.sequence);

    const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString("hex");
    await expect(alice.laptop.catchUp()).rejects.toMatchObject({
      code: "fork",
      details: { accepted: { hash: hex(ours.hash) }, offered: { hash: hex(theirs.hash) } },
    });
    expect(await alice.laptop.names("/")).toContain("seen by the laptop");
    expect(await alice.laptop.names("/")).not.toContain("seen by the phone");
    expect((await evidenceOn(alice.laptop)).sort()).toEqual([hex(ours.hash), hex(theirs.hash)].sort());
  });
});

/** Where a device keeps commits that contradict each other. */
const EVIDENCE = "volume-evidence";

async function evidenceOn(device: Device): Promise<string[]> {
  const hashes: string[] = [];
  for await (const [, commit] of device.ports.cache.list(EVIDENCE)) {
    hashes.push(Buffer.from(decodeCommit(commit).hash).toString("hex"));
  }
  return hashes;
}

describe("a name that a hostile member writes a second time", () => {
  it("D11 is shown with a number, on every device the same, and both files are there", async () => {
    await using world = await World.start();
    const { alice } = await world.people("alice");
    await alice.laptop.write("/folder/same.txt", "of the owner");
    await alice.laptop.write("/folder/other.txt", "of the other");
    const { volume } = await alice.laptop.drive;
    const { entry, parentId } = await alice.laptop.find("/folder/other.txt");
    const { childId: _, ...rest } = entry;
    await volume.change((editor) => editor.addEntries(parentId, [{ ...rest, name: "same.txt" }]));

    const names = ["other.txt", "same.txt", "same.txt (2)"];
    expect(await alice.laptop.names("/folder")).toEqual(names);
    expect(await alice.phone.names("/folder")).toEqual(names);
    const contents = [
      await alice.phone.readText("/folder/same.txt"),
      await alice.phone.readText("/folder/same.txt (2)"),
    ];
    expect(contents.sort()).toEqual(["of the other", "of the owner"]);
  });
});

describe("the keys of a volume", () => {
  it("A3 that a server slips in are never used to seal anything", async () => {
    await using world = await World.start();
    const { alice, bob } = await world.people("alice", "bob");
    await furnish(alice.laptop);
    const bobs: { envelopes: string[] }[] = [];
    bob.phone.network.alterJson<{ envelopes: string[] }>("getHead", (reply) => {
      bobs.push(reply);
      return reply;
    });
    await bob.phone.names("/");
    for (const envelopes of [[], bobs[0]!.envelopes, [toBase64Url(Buffer.alloc(1_400, 7))]]) {
      const tablet = await alice.newDevice(`tablet ${envelopes.length} ${envelopes[0]?.slice(0, 8)}`);
      await alice.signIn(tablet, "tablet");
      tablet.network.alterJson<{ envelopes: string[] }>("getHead", (reply) => ({ ...reply, envelopes }));
      const wrote = await Promise.allSettled([tablet.makeFolder(`/by the tablet`)]);
      if (wrote[0].status === "rejected") {
        expect(isViolation(wrote[0].reason)).toBe(true);
        expect(tablet.network.asked).not.toContain("putPages");
      }
      await alice.phone.catchUp();
      expect((await alice.phone.names("/")).slice(-2)).toEqual(["lunch", "salaries"]);
    }
  });
});

describe("a change that is said to be taken", () => {
  it("D12 under another number is not believed, only the history is", async () => {
    await using world = await World.start();
    const { alice } = await world.people("alice");
    const { laptop, phone } = alice;
    await laptop.makeFolder("/before");
    // Not taken at all, and said to be.
    laptop.network.interfere("postCommit", async () => {
      const body = new TextEncoder().encode(JSON.stringify({ sequence: 999 }));
      return { status: 200, headers: { "content-type": "application/json", "content-length": `${body.length}` }, body };
    });
    const sequence = await sequenceOf(laptop);
    await expect(laptop.makeFolder("/lost")).rejects.toMatchObject({ code: "gateway" });
    expect(await sequenceOf(laptop)).toBe(sequence);
    expect(await laptop.names("/")).toEqual(["before"]);
    // Taken, and a lie told about its number: it is in the history, which counts.
    laptop.network.behave();
    laptop.network.alterJson<{ sequence: number }>("postCommit", ({ sequence }) => ({ sequence: sequence + 1 }));
    await laptop.makeFolder("/kept");
    laptop.network.behave();
    expect(await laptop.names("/")).toEqual(["before", "kept"]);
    await phone.catchUp();
    expect(await phone.names("/")).toEqual(["before", "kept"]);
  });
});
