import { toBase64Url, toHex } from "@excalibur/core/bytes";
import { randomBytes } from "@excalibur/core/primitives";
import { LIMITS } from "@excalibur/core/protocol";
import { ROLES, type Role } from "@excalibur/core/volume/record";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { collect, inChunks, opaqueBatch, opaqueObject } from "../../../testing/opaque-object.ts";
import type { TestPerson } from "../../../testing/people.ts";
import { openServiceRoom, type ServiceRoom } from "../../../testing/service-room.ts";
import { VolumeWriter, type WrittenCommit } from "../../../testing/volume-writer.ts";

const DAY_MS = 86_400_000;

let room: ServiceRoom;
let alice: TestPerson;
let bob: TestPerson;
let carol: TestPerson;

beforeAll(async () => {
  room = await openServiceRoom();
  alice = await room.person("alice");
  bob = await room.person("bob");
  carol = await room.person("carol");
});
afterAll(() => room[Symbol.asyncDispose]());
beforeEach(() => {
  room.announced.length = 0;
});

function refusal(code: string, reason?: string) {
  return expect.objectContaining({ code, ...(reason && { members: expect.objectContaining({ reason }) }) });
}

async function makePending(owner: TestPerson): Promise<VolumeWriter> {
  const writer = new VolumeWriter(owner, room.nowMs - 1000);
  const creation = { userId: owner.userId, newVolume: writer.newVolume() };
  expect(await room.volumes.createPending(creation, room.transact)).toEqual({ volumeId: writer.id });
  return writer;
}

async function sendPages({ volumeId }: VolumeWriter, { pages }: WrittenCommit, from: TestPerson): Promise<void> {
  const body = Buffer.concat(
    pages.flatMap(({ bytes }) => {
      const length = Buffer.alloc(4);
      length.writeUInt32BE(bytes.length);
      return [length, bytes];
    }),
  );
  await room.volumes.putPages({ userId: from.userId, volumeId, body }, room.transact);
}

interface Push {
  readonly from?: TestPerson;
  readonly mounts?: readonly VolumeWriter[];
  readonly unmounts?: readonly { readonly volumeId: Uint8Array; readonly headHash: Uint8Array }[] | undefined;
  readonly added?: readonly { readonly objectId: Uint8Array }[];
}

/** A change of the root folder. */
async function push(
  writer: VolumeWriter,
  { from = writer.owner, mounts = [], unmounts, added = [] }: Push = {},
): Promise<void> {
  const objects = added.map(({ objectId }) => ({ objectId, count: 1 }));
  const written = writer.write({ pages: [{ nodeId: writer.volumeId }], writer: from, added: objects });
  await sendPages(writer, written, from);
  const ids = mounts.map(({ volumeId }) => volumeId);
  const incoming = { userId: from.userId, volumeId: writer.volumeId, commit: written.bytes };
  await room.volumes.postCommit({ ...incoming, ...(ids.length > 0 && { mounts: ids }), unmounts }, room.transact);
  writer.accept(written);
}

interface Membering {
  readonly rotate?: boolean;
  readonly signer?: TestPerson;
}

async function setMembers(
  writer: VolumeWriter,
  people: readonly (readonly [TestPerson, Role])[],
  options: Membering = {},
): Promise<void> {
  const all = [[writer.owner, ROLES.owner] as const, ...people].map(([person, role]) => ({ person, role }));
  const sorted = all.sort((a, b) => Buffer.compare(a.person.userId, b.person.userId));
  const { written, manifest, previousKeys } = writer.writeMembers(sorted, options);
  const signer = options.signer ?? writer.owner;
  const envelopes = sorted.map(({ person }) => writer.envelopeFor(person, manifest, signer));
  const records = { commit: written.bytes, manifest: manifest.bytes, envelopes };
  const keys = options.rotate ? { previousKeys } : {};
  const incoming = { userId: signer.userId, volumeId: writer.volumeId, ...records, ...keys };
  await room.volumes.postCommit(incoming, room.transact);
  writer.accept(written, manifest);
}

async function volumesOf({ userId }: TestPerson): Promise<Record<string, { pending: boolean; accepted: boolean }>> {
  const listed = await room.volumes.listVolumes(userId);
  return Object.fromEntries(
    listed.map(({ volumeId, pending, accepted }) => [toBase64Url(volumeId), { pending, accepted }]),
  );
}

async function upload({ userId }: TestPerson, sizeBytes = 100) {
  const object = opaqueObject(sizeBytes);
  const { body, signedLeaves } = opaqueBatch([object]);
  await room.objects.storeBatch({ userId, signedLeaves, body: inChunks(body) });
  return object;
}

/** Alice's volume, mounted from her home and open to Bob. */
async function shared(role: Role = ROLES.editor): Promise<VolumeWriter> {
  const home = await room.volumeOf(alice);
  const inner = await makePending(alice);
  await setMembers(inner, [[bob, role]]);
  await push(home, { mounts: [inner] });
  return inner;
}

function headFor({ userId }: TestPerson, { volumeId }: VolumeWriter) {
  return room.volumes.getHead({ userId, volumeId });
}

describe("a pending volume", () => {
  it("is its owner's alone until a commit mounts it, then everybody's who is on its list", async () => {
    const home = await room.volumeOf(alice);
    const inner = await makePending(alice);
    await push(inner);
    await setMembers(inner, [[bob, ROLES.editor]]);
    expect((await volumesOf(alice))[inner.id]).toEqual({ pending: true, accepted: true });
    expect((await volumesOf(bob))[inner.id]).toBeUndefined();
    await expect(headFor(bob, inner)).rejects.toEqual(refusal("not_found"));
    expect(room.announced.filter(({ type }) => type === "members")).toEqual([]);

    await push(home, { mounts: [inner] });
    expect((await volumesOf(alice))[inner.id]).toEqual({ pending: false, accepted: true });
    expect((await volumesOf(bob))[inner.id]).toEqual({ pending: false, accepted: false });
    expect((await headFor(bob, inner)).sequence).toBe(2);
    await new Promise((resolve) => setImmediate(resolve));
    expect(room.announced).toContainEqual({ type: "members", volumeId: inner.id, gone: [] });
  });

  it("is mounted by nobody but its owner, once, and only where members may be changed", async () => {
    const inner = await makePending(alice);
    const bobs = await room.volumeOf(bob);
    await expect(push(bobs, { mounts: [inner] })).rejects.toEqual(refusal("commit_invalid", "mount_unknown"));
    const home = await room.volumeOf(alice);
    await push(home, { mounts: [inner] });
    await expect(push(home, { mounts: [inner] })).rejects.toEqual(refusal("commit_invalid", "mount_unknown"));
    const never = new VolumeWriter(alice);
    await expect(push(home, { mounts: [never] })).rejects.toEqual(refusal("commit_invalid", "mount_unknown"));
    await push(home);

    const others = await shared(ROLES.editor);
    const editors = await makePending(bob);
    await expect(push(others, { from: bob, mounts: [editors] })).rejects.toEqual(refusal("commit_invalid", "mounts"));
    const pending = await makePending(alice);
    await expect(push(pending, { mounts: [await makePending(alice)] })).rejects.toEqual(
      refusal("commit_invalid", "mounts"),
    );
  });

  it("stays pending when the commit that names it is refused", async () => {
    const home = await room.volumeOf(alice);
    const inner = await makePending(alice);
    const late = home.write({ pages: [{ nodeId: home.volumeId }] });
    await push(home);
    const incoming = { userId: alice.userId, volumeId: home.volumeId, commit: late.bytes, mounts: [inner.volumeId] };
    await expect(room.volumes.postCommit(incoming, room.transact)).rejects.toEqual(refusal("head_moved"));
    expect((await volumesOf(alice))[inner.id]).toEqual({ pending: true, accepted: true });
  });

  it("is only made by who owns it, with nobody else in it", async () => {
    const writer = new VolumeWriter(alice);
    const creation = { userId: bob.userId, newVolume: writer.newVolume() };
    await expect(room.volumes.createPending(creation, room.transact)).rejects.toEqual(
      refusal("record_invalid", "owner"),
    );
    const own = { userId: alice.userId, newVolume: writer.newVolume() };
    await room.volumes.createPending(own, room.transact);
    await expect(room.volumes.createPending(own, room.transact)).rejects.toEqual(
      refusal("record_invalid", "volume_exists"),
    );
  });

  it("goes after seven days without a commit, and nothing else does", async () => {
    await using quiet = await openServiceRoom();
    room = quiet;
    alice = await quiet.person("alice");
    bob = await quiet.person("bob");
    try {
      const home = await quiet.volumeOf(alice);
      const [kept, forgotten, mounted] = [await makePending(alice), await makePending(alice), await makePending(alice)];
      await push(home, { mounts: [mounted] });
      quiet.nowMs += 4 * DAY_MS;
      await push(kept);
      quiet.nowMs += 4 * DAY_MS;
      expect(await quiet.perform("gc", { dryRun: true })).toMatchObject({ outcome: "done" });
      expect(Object.keys(await volumesOf(alice))).toHaveLength(4);
      await quiet.perform("gc");
      expect(Object.keys(await volumesOf(alice)).sort()).toEqual([home.id, kept.id, mounted.id].sort());
      await expect(push(home, { mounts: [forgotten] })).rejects.toEqual(refusal("commit_invalid", "mount_unknown"));
      const rows = await quiet.database.read.selectFrom("volumes").select("volume_id").execute();
      expect(rows).toHaveLength(3);
    } finally {
      room = await openServiceRoom();
      alice = await room.person("alice");
      bob = await room.person("bob");
      carol = await room.person("carol");
    }
  });

  it("one account may have two hundred of", async () => {
    const dave = await room.person("dave");
    await makePending(dave);
    const { pending_ms: _, ...row } = await room.database.read
      .selectFrom("volumes")
      .selectAll()
      .where("owner_user_id", "=", dave.userId)
      .executeTakeFirstOrThrow();
    const more = Array.from({ length: LIMITS.pendingVolumesPerUser - 1 }, () => ({
      ...row,
      ...{ volume_id: randomBytes(16), pending_ms: room.nowMs },
    }));
    await room.database.write((tx) => tx.insertInto("volumes").values(more).execute());
    await expect(makePending(dave)).rejects.toEqual(refusal("too_many"));
  });
});

describe("an invitation", () => {
  it("is open until it is accepted, and everybody in the volume is told", async () => {
    const inner = await shared();
    const question = { userId: alice.userId, volumeId: inner.volumeId };
    const answered = async () =>
      Object.fromEntries((await room.volumes.listMembers(question)).map((row) => [toHex(row.userId), row.acceptedMs]));
    expect(await answered()).toMatchObject({ [toHex(bob.userId)]: null });
    room.nowMs += 1000;
    await room.volumes.acceptVolume({ userId: bob.userId, volumeId: inner.volumeId }, room.transact);
    const atMs = room.nowMs;
    room.nowMs += 1000;
    await room.volumes.acceptVolume({ userId: bob.userId, volumeId: inner.volumeId }, room.transact);
    expect(await answered()).toMatchObject({ [toHex(bob.userId)]: atMs });
    expect((await volumesOf(bob))[inner.id]).toEqual({ pending: false, accepted: true });
    await new Promise((resolve) => setImmediate(resolve));
    expect(room.announced).toContainEqual({ type: "members", volumeId: inner.id, gone: [] });
    // A change of the list that does not concern him keeps his answer.
    await setMembers(inner, [
      [bob, ROLES.viewer],
      [carol, ROLES.viewer],
    ]);
    expect((await volumesOf(bob))[inner.id]).toEqual({ pending: false, accepted: true });
    expect((await volumesOf(carol))[inner.id]).toEqual({ pending: false, accepted: false });
  });

  it("is nobody's who is not on the list", async () => {
    const inner = await shared();
    for (const act of [room.volumes.acceptVolume, room.volumes.leaveVolume]) {
      await expect(act({ userId: carol.userId, volumeId: inner.volumeId }, room.transact)).rejects.toEqual(
        refusal("not_found"),
      );
    }
    await expect(room.volumes.listMembers({ userId: carol.userId, volumeId: inner.volumeId })).rejects.toEqual(
      refusal("not_found"),
    );
  });
});

describe("whoever leaves", () => {
  it("is out at once, stays out while the list names them, and can be invited anew", async () => {
    const inner = await shared();
    const object = await upload(alice);
    await push(inner, { added: [object] });
    const read = () => room.objects.getObject({ ...reading, userId: bob.userId });
    const reading = { objectId: object.objectId, rangeHeader: undefined, signal: new AbortController().signal };
    await read();
    await room.volumes.leaveVolume({ userId: bob.userId, volumeId: inner.volumeId }, room.transact);
    await expect(headFor(bob, inner)).rejects.toEqual(refusal("not_found"));
    await expect(read()).rejects.toEqual(refusal("not_found"));
    await expect(push(inner, { from: bob })).rejects.toEqual(refusal("not_found"));
    await new Promise((resolve) => setImmediate(resolve));
    expect(room.announced).toContainEqual({ type: "members", volumeId: inner.id, gone: [toBase64Url(bob.userId)] });
    const members = await room.volumes.listMembers({ userId: alice.userId, volumeId: inner.volumeId });
    expect(members.find(({ userId }) => toHex(userId) === toHex(bob.userId))).toMatchObject({ leftMs: room.nowMs });

    await setMembers(inner, [
      [bob, ROLES.editor],
      [carol, ROLES.viewer],
    ]);
    await expect(headFor(bob, inner)).rejects.toEqual(refusal("not_found"));
    await setMembers(inner, [[carol, ROLES.viewer]], { rotate: true });
    await setMembers(inner, [
      [bob, ROLES.editor],
      [carol, ROLES.viewer],
    ]);
    expect((await headFor(bob, inner)).sequence).toBe(inner.head.sequence);
    expect((await volumesOf(bob))[inner.id]).toEqual({ pending: false, accepted: false });
  });

  it("is not the owner", async () => {
    const inner = await shared();
    await expect(
      room.volumes.leaveVolume({ userId: alice.userId, volumeId: inner.volumeId }, room.transact),
    ).rejects.toEqual(refusal("forbidden"));
  });
});

describe("a member who was removed", () => {
  it("reads nothing any more, and is told", async () => {
    const inner = await shared();
    const object = await upload(alice);
    await push(inner, { added: [object] });
    await setMembers(inner, [], { rotate: true });
    await expect(headFor(bob, inner)).rejects.toEqual(refusal("not_found"));
    expect((await volumesOf(bob))[inner.id]).toBeUndefined();
    const signal = new AbortController().signal;
    await expect(
      room.objects.getObject({ userId: bob.userId, objectId: object.objectId, rangeHeader: undefined, signal }),
    ).rejects.toEqual(refusal("not_found"));
    await new Promise((resolve) => setImmediate(resolve));
    expect(room.announced).toContainEqual({ type: "members", volumeId: inner.id, gone: [toBase64Url(bob.userId)] });
  });
});

describe("roles", () => {
  it("viewers read and write nothing; editors write and change no members; managers change some", async () => {
    const inner = await shared(ROLES.viewer);
    await expect(push(inner, { from: bob })).rejects.toEqual(refusal("commit_invalid", "writer_may_not"));
    const withCarol: [TestPerson, Role][] = [
      [bob, ROLES.editor],
      [carol, ROLES.editor],
    ];
    await setMembers(inner, [[bob, ROLES.editor]]);
    await push(inner, { from: bob });
    await expect(setMembers(inner, withCarol, { signer: bob })).rejects.toEqual(
      refusal("commit_invalid", "signer_may_not"),
    );
    await setMembers(inner, [[bob, ROLES.manager]]);
    await expect(
      setMembers(
        inner,
        [
          [bob, ROLES.manager],
          [carol, ROLES.manager],
        ],
        { signer: bob },
      ),
    ).rejects.toEqual(refusal("commit_invalid", "manager_may_not"));
    await setMembers(
      inner,
      [
        [bob, ROLES.manager],
        [carol, ROLES.viewer],
      ],
      { signer: bob },
    );
    expect((await headFor(carol, inner)).sequence).toBe(inner.head.sequence);
  });

  it("what a viewer may not read: replaced pages, dropped objects", async () => {
    const inner = await shared(ROLES.viewer);
    const before = inner.state.page(inner.volumeId, { bits: 0, bitsLength: 0 })!.recordHash;
    await push(inner);
    const { sizeBytes, chunks } = await room.volumes.fetchPages({
      ...{ userId: bob.userId, volumeId: inner.volumeId, hashes: [before] },
    });
    expect([sizeBytes, toHex(await collect(chunks))]).toEqual([4, "00000000"]);
  });
});

describe("a volume whose contents went back into the drive", () => {
  const end = (volume: VolumeWriter) => ({ volumeId: volume.volumeId, headHash: volume.head.hash });

  it("ends with the commit that took them over: nobody is in it, and its rows go; what the drive lists stays", async () => {
    const home = await room.volumeOf(alice);
    const inner = await shared();
    const object = await upload(alice);
    await push(inner, { added: [object] });
    await setMembers(inner, [], { rotate: true });
    await push(home, { unmounts: [end(inner)], added: [object] });
    await expect(headFor(alice, inner)).rejects.toEqual(refusal("not_found"));
    await expect(push(inner)).rejects.toEqual(refusal("not_found"));
    expect((await volumesOf(alice))[inner.id]).toBeUndefined();
    await new Promise((resolve) => setImmediate(resolve));
    expect(room.announced).toContainEqual({ type: "members", volumeId: inner.id, gone: [toBase64Url(alice.userId)] });
    await expect(push(home, { unmounts: [end(inner)] })).rejects.toEqual(refusal("commit_invalid", "unmount_unknown"));
    await push(home);
    await room.perform("gc");
    const rows = await room.database.read.selectFrom("volumes").select("volume_id").execute();
    expect(rows.map(({ volume_id }) => toBase64Url(volume_id))).not.toContain(inner.id);
    const reading = { objectId: object.objectId, rangeHeader: undefined, signal: new AbortController().signal };
    await room.objects.getObject({ ...reading, userId: alice.userId });
  });

  it("is its owner's alone, stands as it was read, and is no drive", async () => {
    const inner = await shared(ROLES.manager);
    const home = await room.volumeOf(alice);
    const [bobs, carols] = [await room.volumeOf(bob), await room.volumeOf(carol)];
    const refused = async (writer: VolumeWriter, unmounts: Push["unmounts"], reason: string) => {
      const { head } = writer;
      await expect(push(writer, { unmounts })).rejects.toEqual(refusal("commit_invalid", reason));
      expect(writer.head).toBe(head);
    };
    await refused(home, [end(inner)], "unmount_shared");
    await refused(bobs, [end(inner)], "unmount_shared");
    await setMembers(inner, [], { rotate: true });
    await refused(bobs, [end(inner)], "unmount_unknown");
    const before = end(inner);
    await push(inner);
    await refused(home, [before], "unmount_unknown");
    const pending = await makePending(alice);
    await refused(home, [end(pending)], "unmount_unknown");
    await refused(pending, [end(inner)], "mounts");
    await refused(home, [end(carols)], "unmount_unknown");
    const row = { home_volume_id: home.volumeId };
    await room.database.write((tx) =>
      tx.updateTable("accounts").set(row).where("user_id", "=", alice.userId).execute(),
    );
    const other = await shared();
    await setMembers(other, [], { rotate: true });
    await refused(other, [end(home)], "unmount_unknown");
    await push(home, { unmounts: [end(inner), end(other)] });
    // What has ended counts for nothing any more.
    expect((await volumesOf(alice))[inner.id]).toBeUndefined();
  });
});

it("the audit log says who was let in and who went, by ids and user names alone", async () => {
  const inner = await shared();
  await setMembers(inner, [
    [bob, ROLES.viewer],
    [carol, ROLES.editor],
  ]);
  await room.volumes.leaveVolume({ userId: carol.userId, volumeId: inner.volumeId }, room.transact);
  await setMembers(inner, [], { rotate: true });
  const rows = await room.database.read
    .selectFrom("audit")
    .select(["action", "subject", "actor"])
    .where("subject", "like", `${inner.id}%`)
    .execute();
  const told = rows.map(({ action, subject, actor }) => {
    const who = toHex(actor as Uint8Array) === toHex(carol.userId) ? "carol" : "alice";
    return `${who}: ${action} ${subject}`.replace(inner.id, "it");
  });
  expect(told.sort()).toEqual([
    "alice: member-added it bob",
    "alice: member-added it carol",
    "alice: member-changed it bob",
    "alice: member-removed it bob",
    "alice: member-removed it carol",
    "alice: volume-shared it",
    "carol: member-left it carol",
  ]);
});

describe("the quota", () => {
  it("that pays for what is in a volume is its owner's, whoever uploads", async () => {
    const inner = await shared();
    const [alices, bobs] = [await room.usedBytes(alice), await room.usedBytes(bob)];
    const object = await upload(bob, 5000);
    const size = object.bytes.length;
    expect(await room.usedBytes(bob)).toBe(bobs + size);
    await push(inner, { from: bob, added: [object] });
    expect([await room.usedBytes(alice), await room.usedBytes(bob)]).toEqual([alices + size, bobs]);
  });

  it("of the owner refuses what does not fit, and then nothing has changed hands", async () => {
    const erin = await room.person("erin", { quotaBytes: 2000 });
    const home = await room.volumeOf(erin);
    const inner = await makePending(erin);
    await setMembers(inner, [[bob, ROLES.editor]]);
    await push(home, { mounts: [inner] });
    const bobs = await room.usedBytes(bob);
    const object = await upload(bob, 5000);
    await expect(push(inner, { from: bob, added: [object] })).rejects.toEqual(refusal("quota_exceeded"));
    expect([await room.usedBytes(erin), await room.usedBytes(bob)]).toEqual([0, bobs + object.bytes.length]);
    await push(inner, { from: bob });
  });

  it("goes over to whom the owner hands the volume, if they accepted it and it fits", async () => {
    const inner = await shared();
    const object = await upload(alice, 5000);
    const size = object.bytes.length;
    await push(inner, { added: [object] });
    const handOver = async (to: TestPerson) => {
      const people = [alice, bob].map((person) => ({ person, role: person === to ? ROLES.owner : ROLES.manager }));
      const sorted = people.sort((a, b) => Buffer.compare(a.person.userId, b.person.userId));
      const signer = to === bob ? alice : bob;
      const { written, manifest } = inner.writeMembers(sorted, { signer });
      const incoming = {
        userId: signer.userId,
        volumeId: inner.volumeId,
        commit: written.bytes,
        manifest: manifest.bytes,
      };
      await room.volumes.postCommit(incoming, room.transact);
      inner.accept(written, manifest);
    };
    await expect(handOver(bob)).rejects.toEqual(refusal("record_invalid", "owner_not_accepted"));
    await room.volumes.acceptVolume({ userId: bob.userId, volumeId: inner.volumeId }, room.transact);
    const [alices, bobs] = [await room.usedBytes(alice), await room.usedBytes(bob)];
    const limit = (quota_bytes: number | null) =>
      room.database.write((tx) =>
        tx.updateTable("accounts").set({ quota_bytes }).where("user_id", "=", bob.userId).execute(),
      );
    await limit(bobs + size - 1);
    await expect(handOver(bob)).rejects.toEqual(refusal("quota_exceeded"));
    expect([await room.usedBytes(alice), await room.usedBytes(bob)]).toEqual([alices, bobs]);
    await limit(null);
    await handOver(bob);
    expect([await room.usedBytes(alice), await room.usedBytes(bob)]).toEqual([alices - size, bobs + size]);
    // He owns it: he does not leave, and she does.
    const leave = (person: TestPerson) =>
      room.volumes.leaveVolume({ userId: person.userId, volumeId: inner.volumeId }, room.transact);
    await expect(leave(bob)).rejects.toEqual(refusal("forbidden"));
    await handOver(alice);
    expect([await room.usedBytes(alice), await room.usedBytes(bob)]).toEqual([alices, bobs]);
    await leave(bob);
  });

  it("and nobody hands over a drive", async () => {
    const home = await room.volumeOf(carol);
    const row = { home_volume_id: home.volumeId };
    await room.database.write((tx) =>
      tx.updateTable("accounts").set(row).where("user_id", "=", carol.userId).execute(),
    );
    await setMembers(home, [[bob, ROLES.editor]]);
    await room.volumes.acceptVolume({ userId: bob.userId, volumeId: home.volumeId }, room.transact);
    const people = [
      { person: bob, role: ROLES.owner },
      { person: carol, role: ROLES.manager },
    ].sort((a, b) => Buffer.compare(a.person.userId, b.person.userId));
    const { written, manifest } = home.writeMembers(people, { signer: carol });
    const incoming = { userId: carol.userId, volumeId: home.volumeId, commit: written.bytes, manifest: manifest.bytes };
    await expect(room.volumes.postCommit(incoming, room.transact)).rejects.toEqual(refusal("record_invalid", "owner"));
  });
});
