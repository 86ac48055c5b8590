import { readFile } from "node:fs/promises";
import { request as httpRequest } from "node:http";
import { resolve } from "node:path";
import { createUpload, getAccount, postBatch } from "@excalibur/core/protocol";
import { describe, expect, it } from "vitest";
import { addJobs, updateJob } from "../db/stores/jobs.ts";
import { startServer } from "../index.ts";
import { createAccount, signIn, type TestServer, testServer } from "../testing/index.ts";
import { opaqueBatch, opaqueObject } from "../testing/opaque-object.ts";

const OPERATE = resolve(import.meta.dirname, "../../../docs/operate");
const ON = { port: 0, host: "127.0.0.1", token: null };

async function measured(test: TestServer): Promise<string> {
  const response = await fetch(test.server.metricsUrl!);
  expect([response.status, response.headers.get("content-type")]).toEqual([200, expect.stringMatching(/^text\/plain/)]);
  return response.text();
}

function figureIn(text: string, line: string): number {
  const found = text.split("\n").find((each) => each.startsWith(`${line} `));
  return found === undefined ? Number.NaN : Number(found.slice(line.length));
}

/** A server that has seen some of everything. */
async function busyServer(): Promise<TestServer> {
  const test = await testServer({ metrics: ON });
  const { client } = await signIn(test.server, await createAccount(test.server, "alice"));
  await client.ask(getAccount);
  const { body, signedLeaves } = opaqueBatch([opaqueObject(20_000)]);
  await client.ask(postBatch, { body, leaves: signedLeaves });
  const big = opaqueObject(300_000);
  await client.ask(createUpload, { body: { objectId: big.id, ciphertextLength: big.bytes.length } });
  await test.server.context.database.write(async (tx) => {
    await addJobs(tx, [{ name: "test-job", nextRunMs: 2_000 }]);
    await updateJob(tx, "test-job", { outcome: "failed", last_ended_ms: 1_000 });
  });
  return test;
}

describe("/metrics", () => {
  it("tells what happened, and nothing of anybody", async () => {
    await using test = await busyServer();
    const text = await measured(test);
    const figures = {
      'excalibur_http_requests_total{route="getAccount",status="2xx"}': 1,
      'excalibur_http_request_duration_seconds_count{route="postBatch"}': 1,
      excalibur_objects: 1,
      excalibur_uploads_in_progress: 1,
      'excalibur_accounts{state="enabled"}': 1,
      excalibur_connected_clients: 0,
      'excalibur_health{check="database"}': 1,
      'excalibur_health{check="jobs"}': 0,
      'excalibur_job_outcome{job="test-job",outcome="failed"}': 1,
      'excalibur_job_outcome{job="test-job",outcome="done"}': 0,
      'excalibur_job_last_end_timestamp_seconds{job="test-job"}': 1,
      'excalibur_job_next_run_timestamp_seconds{job="test-job"}': 2,
    };
    for (const [line, value] of Object.entries(figures)) expect([line, figureIn(text, line)]).toEqual([line, value]);
    expect(figureIn(text, 'excalibur_http_received_bytes_total{route="postBatch"}')).toBeGreaterThan(20_000);
    expect(figureIn(text, "excalibur_stored_bytes")).toBeGreaterThan(320_000);
    expect(figureIn(text, "excalibur_database_size_bytes")).toBeGreaterThan(100_000);
    expect(figureIn(text, "excalibur_disk_free_bytes")).toBeGreaterThan(0);
    expect(figureIn(text, 'excalibur_database_query_duration_seconds_count{kind="insert"}')).toBeGreaterThan(5);
    expect(text).not.toMatch(/alice|127\.0\.0\.1/);
    const lateIds = await test.server.context.database.read.selectFrom("accounts").select("user_id").execute();
    expect(text).not.toContain(Buffer.from(lateIds[0]!.user_id).toString("base64url"));
  });

  it("leaves out what cannot be looked up, and gives the rest", async () => {
    await using test = await testServer({ metrics: ON });
    const { blobs } = test.server.context;
    const { freeBytes } = blobs;
    Object.assign(blobs, { freeBytes: () => Promise.reject(new Error("gone")) });
    const text = await measured(test);
    expect(figureIn(text, "excalibur_disk_free_bytes")).toBeNaN();
    expect(figureIn(text, 'excalibur_health{check="storage"}')).toBe(0);
    expect(figureIn(text, "excalibur_uploads_in_progress")).toBe(0);
    Object.assign(blobs, { freeBytes });
  });

  it("has every figure that the dashboard and the page name", async () => {
    await using test = await busyServer();
    const text = await measured(test);
    const given = new Set([...text.matchAll(/^([a-z_0-9]+)[{ ]/gm)].map(([, name]) => name!));
    const dashboard = await readFile(resolve(OPERATE, "grafana-dashboard.json"), "utf8");
    const { panels, templating } = JSON.parse(dashboard);
    const asked: string[] = [
      ...panels.flatMap(({ targets }: { targets: { expr: string }[] }) => targets.map(({ expr }) => expr)),
      ...templating.list.map(({ definition = "" }) => definition),
    ];
    const named = new Set(asked.flatMap((expr) => expr.match(/\b(?:excalibur|nodejs|process)_\w+/g) ?? []));
    expect(named.size).toBeGreaterThan(20);
    expect([...named].filter((name) => !given.has(name))).toEqual([]);

    const page = await readFile(resolve(OPERATE, "seeing.md"), "utf8");
    const types = [...text.matchAll(/^# TYPE (excalibur_\w+)/gm)].map(([, name]) => name!);
    expect(types.filter((name) => !page.includes(`| \`${name}\` |`))).toEqual([]);
    const documented = [...page.matchAll(/^\| `(excalibur_\w+)` \|/gm)].map(([, name]) => name!);
    expect(documented.filter((name) => !types.includes(name))).toEqual([]);
  });

  it("is nowhere unless it is asked for, and never at the address of the people", async () => {
    await using off = await testServer();
    expect(off.server.metricsUrl).toBeUndefined();
    expect(off.server.context.meters).toBeUndefined();
    await using on = await testServer({ metrics: ON });
    for (const path of ["/metrics", "/api/metrics"]) expect((await fetch(on.server.origin + path)).status).toBe(404);
  });

  it("asks for its token, and takes nothing else", async () => {
    const token = "a-token-of-enough-letters";
    await using test = await testServer({ metrics: { ...ON, token } });
    const ask = async (authorization?: string) => {
      const response = await fetch(test.server.metricsUrl!, authorization ? { headers: { authorization } } : {});
      return [response.status, (await response.text()).length > 1_000];
    };
    const no = [401, false];
    expect([await ask(), await ask(`Bearer ${token}x`), await ask("Bearer "), await ask(`Basic ${token}`)]).toEqual([
      no,
      no,
      no,
      no,
    ]);
    expect(await ask(`Bearer ${token}`)).toEqual([200, true]);
  });

  it("does not start where others could read it without a token", async () => {
    await using test = await testServer();
    const dataFolder = `${test.dataFolder}/other`;
    const open = startServer({ dataFolder, port: 0, metrics: { ...ON, host: "0.0.0.0" } });
    await expect(open).rejects.toThrow("metrics.token");
    const taken = Number(new URL(test.server.origin).port);
    const twice = startServer({ dataFolder, port: 0, metrics: { ...ON, port: taken } });
    await expect(twice).rejects.toMatchObject({ code: "address_in_use" });
  });

  it("answers neither another name nor another address nor another method", async () => {
    await using test = await testServer({ metrics: ON });
    const url = test.server.metricsUrl!;
    const status = (options: { path?: string; method?: string; headers?: Record<string, string> }) =>
      new Promise<number | undefined>((done, fail) => {
        httpRequest(url, options, (response) => {
          response.resume();
          done(response.statusCode);
        })
          .once("error", fail)
          .end();
      });
    expect(await status({ headers: { host: "evil.example" } })).toBe(403);
    expect(await status({ headers: { host: "localhost:9464" } })).toBe(200);
    expect(await status({ path: "/" })).toBe(404);
    expect(await status({ method: "POST" })).toBe(405);
  });
});
