import { getHealth, getReady } from "@excalibur/core/protocol";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { DatabaseError } from "../../db/index.ts";
import { addJobs, updateJob } from "../../db/stores/jobs.ts";
import { TestClient, type TestServer, testServer } from "../../testing/index.ts";

const GiB = 1024 ** 3;
let test: TestServer;

beforeAll(async () => {
  test = await testServer({ health: { minFreeBytes: 2 * GiB } });
});
afterAll(() => test[Symbol.asyncDispose]());

async function ask() {
  // An answer is remembered for a second.
  test.advance(2_000);
  const client = new TestClient(test.server.origin);
  const [health, ready] = [await client.call(getHealth), await client.call(getReady)];
  const failing = health.json.checks.filter(({ ok }: { ok: boolean }) => !ok);
  return { health: health.status, ready: ready.status, status: health.json.status, failing };
}

const WELL = { health: 200, ready: 200, status: "ok", failing: [] };

async function jobEnded(outcome: "done" | "failed" | "damage" | "interrupted"): Promise<void> {
  await test.server.context.database.write(async (tx) => {
    await addJobs(tx, [{ name: "test-job", nextRunMs: null }]);
    await updateJob(tx, "test-job", { outcome });
  });
}

describe("health", () => {
  it("turns red while the disk has less free than the setting says, and green again", async () => {
    const { blobs } = test.server.context;
    const { freeBytes } = blobs;
    const leave = (left: number) => Object.assign(blobs, { freeBytes: async () => left });
    leave(3 * GiB);
    expect(await ask()).toEqual(WELL);
    leave(2 * GiB - 1);
    expect(await ask()).toEqual({
      ...{ health: 503, ready: 200, status: "failing" },
      failing: [{ name: "storage", ok: false, detail: "The disk for objects is nearly full." }],
    });
    Object.assign(blobs, { freeBytes: () => Promise.reject(new Error("/secret/path: no such disk")) });
    const lost = await ask();
    expect(lost).toMatchObject({ health: 503, ready: 200, failing: [{ name: "storage" }] });
    expect(JSON.stringify(lost)).not.toContain("secret");
    Object.assign(blobs, { freeBytes });
  });

  it("turns red when a job failed or found damage, until it ends well", async () => {
    await jobEnded("failed");
    const failed = await ask();
    expect(failed).toMatchObject({ health: 503, ready: 200, failing: [{ name: "jobs" }] });
    expect(failed.failing[0].detail).toContain("test-job");
    await jobEnded("damage");
    expect((await ask()).failing[0].detail).toContain("damaged: test-job");
    await jobEnded("interrupted");
    expect(await ask()).toMatchObject({ health: 200 });
    await jobEnded("done");
    expect(await ask()).toMatchObject({ health: 200 });
  });

  it("and readiness turn red when the database fails", async () => {
    const { database } = test.server.context;
    const { read } = database;
    const refuse = () => {
      throw new DatabaseError("unreachable", new Error("at secret.example"));
    };
    Object.assign(database, { read: { selectFrom: refuse } });
    const answer = await ask();
    Object.assign(database, { read });
    expect(answer).toMatchObject({ health: 503, ready: 503, status: "failing" });
    expect(answer.failing.map(({ name }: { name: string }) => name)).toEqual(["database", "jobs"]);
    expect(JSON.stringify(answer)).not.toContain("secret");
    expect(await ask()).toEqual(WELL);
  });
});
