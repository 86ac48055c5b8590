import { randomBytes } from "@excalibur/core/primitives";
import { LIMITS } from "@excalibur/core/protocol";
import { expect, it } from "vitest";
import type { Database } from "../../db/index.ts";
import { insertAudit } from "../../db/stores/audit.ts";
import { insertLogin } from "../../db/stores/logins.ts";
import { insertSession } from "../../db/stores/sessions.ts";
import { createInvitation } from "../../services/invitations/invitations.ts";
import { openServiceRoom } from "../../testing/service-room.ts";

const DAY = 86_400_000;

async function count(database: Database, table: "invites" | "sessions" | "nonces" | "logins" | "pending_pages") {
  return (await database.read.selectFrom(table).selectAll().execute()).length;
}

it("invitations go thirty days after they were used or have expired, and good ones stay", async () => {
  await using room = await openServiceRoom();
  const { database, nowMs } = room;
  await createInvitation(database, { admin: false, nowMs, lifetimeMs: 40 * DAY });
  await createInvitation(database, { admin: false, nowMs, lifetimeMs: DAY });
  room.nowMs += 32 * DAY;
  expect((await room.perform("gc", { dryRun: true })).jobs["invitations"]?.result).toEqual({ removed: 1 });
  expect(await count(database, "invites")).toBe(2);
  expect((await room.perform("gc")).jobs["invitations"]?.result).toEqual({ removed: 1 });
  expect(await count(database, "invites")).toBe(1);
  await database.write((tx) => tx.updateTable("invites").set({ used_ms: room.nowMs }).execute());
  room.nowMs += 29 * DAY;
  await room.perform("gc");
  expect(await count(database, "invites")).toBe(1);
  room.nowMs += 2 * DAY;
  await room.perform("gc");
  expect(await count(database, "invites")).toBe(0);
});

it("what is left of a link whose volume has gone goes a year after it was taken back", async () => {
  await using room = await openServiceRoom();
  const { database } = room;
  const row = () => ({ link_id: randomBytes(16), knock_hash: randomBytes(32), ended_ms: room.nowMs });
  const [first, second] = [row(), { ...row(), ended_ms: room.nowMs + DAY }];
  await database.write((tx) => tx.insertInto("ended_links").values([first, second]).execute());
  room.nowMs += 365 * DAY;
  expect((await room.perform("gc")).jobs["ended-links"]?.result).toEqual({ removed: 0 });
  room.nowMs += DAY;
  expect((await room.perform("gc", { dryRun: true })).jobs["ended-links"]?.result).toEqual({ removed: 1 });
  expect((await room.perform("gc")).jobs["ended-links"]?.result).toEqual({ removed: 1 });
  const left = await database.read.selectFrom("ended_links").select("link_id").execute();
  expect(left).toEqual([{ link_id: second.link_id }]);
});

it("entries of the audit log go when they are older than the setting says", async () => {
  await using room = await openServiceRoom({ jobs: { auditRetentionMs: 10 * DAY } });
  const { database } = room;
  const note = () =>
    database.write((tx) => insertAudit(tx, { atMs: room.nowMs, actor: "operator", action: "account-enabled" }));
  await note();
  room.nowMs += 8 * DAY;
  await note();
  room.nowMs += 3 * DAY;
  expect((await room.perform("gc")).jobs["audit"]?.result).toEqual({ removed: 1 });
  expect(await database.read.selectFrom("audit").select("at_ms").execute()).toEqual([{ at_ms: room.nowMs - 3 * DAY }]);
});

it("sessions end when nobody uses them, the web's sooner, and are forgotten a month later", async () => {
  await using room = await openServiceRoom();
  const { database } = room;
  const { userId } = await room.person("alice");
  for (const client of ["web", "cli"] as const) {
    const times = { created_ms: room.nowMs, last_used_ms: room.nowMs, signed_in_ms: room.nowMs, ended_ms: null };
    const ids = { session_id: randomBytes(16), user_id: userId, public_key: randomBytes(32) };
    await database.write((tx) => insertSession(tx, { ...ids, ...times, client, device_name: client }));
  }
  const ended = async () => {
    await room.perform("gc");
    const rows = await database.read.selectFrom("sessions").select(["client", "ended_ms"]).orderBy("client").execute();
    return rows.map((row) => [row.client, row.ended_ms !== null]);
  };
  room.nowMs += LIMITS.sessionIdleWebMs - 1;
  expect(await ended()).toEqual([
    ["cli", false],
    ["web", false],
  ]);
  room.nowMs += 1;
  expect(await ended()).toEqual([
    ["cli", false],
    ["web", true],
  ]);
  room.nowMs += 31 * DAY;
  expect(await ended()).toEqual([["cli", false]]);
  room.nowMs += LIMITS.sessionIdleDeviceMs;
  expect(await ended()).toEqual([["cli", true]]);
});

it("logins, nonces and pages without a commit go when their time is over, in as many slices as it takes", async () => {
  await using room = await openServiceRoom();
  const { database, nowMs } = room;
  const alice = await room.person("alice");
  const volume = await room.volumeOf(alice);
  await database.write(async (tx) => {
    for (let n = 0; n < 1300; n++) {
      // Of one millisecond many, and some that are not over.
      const expires = nowMs + (n < 1200 ? Math.floor(n / 700) : 10_000);
      await tx
        .insertInto("nonces")
        .values({ session_id: randomBytes(16), nonce: randomBytes(16), expires_ms: expires })
        .execute();
    }
    const bytes = { state: new Uint8Array(1), server_nonce: new Uint8Array(32), subject: new Uint8Array(32) };
    const who = { user_id: null, told_user_id: alice.userId, name: "alice", purpose: "password" } as const;
    await insertLogin(tx, { login_id: randomBytes(16), ...who, ...bytes, expires_ms: nowMs + 1 }, nowMs);
  });
  const { pages } = volume.write({ pages: [{ nodeId: randomBytes(16) }] });
  const body = Buffer.concat(
    pages.flatMap(({ bytes }) => [Buffer.from([0, 0, bytes.length >> 8, bytes.length & 255]), bytes]),
  );
  await room.volumes.putPages({ userId: alice.userId, volumeId: volume.volumeId, body }, room.transact);
  room.nowMs += 5_000;
  const report = await room.perform("gc");
  expect(report.jobs["sessions"]?.result).toMatchObject({ removedNonces: 1200, removedLogins: 1 });
  expect([await count(database, "nonces"), await count(database, "pending_pages")]).toEqual([100, 1]);
  room.nowMs += DAY;
  await room.perform("gc");
  expect([await count(database, "nonces"), await count(database, "pending_pages")]).toEqual([0, 0]);
});
