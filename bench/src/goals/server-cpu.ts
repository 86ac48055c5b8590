import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { open } from "node:fs/promises";
import { get, type IncomingMessage, request } from "node:http";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { toBase64Url } from "@excalibur/core/bytes";
import { partRange } from "@excalibur/core/exef/public";
import { randomBytes } from "@excalibur/core/primitives";
import { completeUpload, createUpload, getObject, putPart } from "@excalibur/core/protocol";
import { insertSignedIn, type TestSession } from "@excalibur/server/testing";
import { startDrive } from "../drive.ts";
import { startNginx } from "../nginx.ts";
import { type Measures, runPairs } from "../pairs.ts";
import { usageOf } from "../process-watch.ts";
import { type RawObject, rename, signedLeaves, writeRawObject } from "../raw-object.ts";
import { writeReport } from "../report.ts";

const SIZE_BYTES = 512 * 2 ** 20;
/** CPU is counted in hundredths of a second, and nginx needs few of them. */
const GETS = 4;
const PARTS_IN_FLIGHT = 4;
const GOALS = { put: 1.5, get: 5, getTime: 1.3 } as const;

/**
 * Goal 3: what the server itself costs. Ciphertext goes up and comes down without anybody sealing or opening it; the
 * peer of PUT is nginx WebDAV plus SHA-256 of the same bytes, that of GET is nginx's sendfile.
 */
export async function measureServerCpu({ pairs }: { readonly pairs: number }): Promise<void> {
  await using drive = await startDrive();
  await using nginx = await startNginx();
  const object = await writeRawObject(join(drive.folder, "object.bin"), SIZE_BYTES);
  const { sqliteFile, origin } = drive;
  const { sessions } = await insertSignedIn({ sqliteFile, origin, name: "raw" });
  const [session] = sessions as [TestSession];

  const isVerified = { product: false, peer: false };

  const product = async (): Promise<Measures> => {
    const objectId = randomBytes(16);
    const { cpuSeconds: putCpuSeconds } = await costing(drive.serverPid, () => upload(session, object, objectId));
    const { url, init } = session.prepare(getObject, { params: { objectId: toBase64Url(objectId) } });
    const headers = () => session.prepare(getObject, { params: { objectId: toBase64Url(objectId) } }).init.headers;
    if (!isVerified.product) await requireSame(object, await digestOf(url, init.headers), objectId);
    isVerified.product = true;
    const { cpuSeconds, seconds } = await costing(drive.serverPid, async () => {
      for (let i = 0; i < GETS; i++) await discard(url, object.ctLength, headers());
    });
    return { putCpuSeconds, getCpuSeconds: cpuSeconds, getSeconds: seconds };
  };
  const peer = async (round: number): Promise<Measures> => {
    const url = `${nginx.origin}/round-${round}.bin`;
    const put = await costing(nginx.pid, () => putWhole(url, object));
    if (!isVerified.peer) await requireSame(object, await digestOf(url));
    isVerified.peer = true;
    const { cpuSeconds, seconds } = await costing(nginx.pid, async () => {
      for (let i = 0; i < GETS; i++) await discard(url, object.ctLength);
    });
    const deleted = await fetch(url, { method: "DELETE" });
    if (!deleted.ok) throw new Error(`nginx answered ${deleted.status}.`);
    const hashing = await hashingSeconds(object.path);
    return { putCpuSeconds: put.cpuSeconds + hashing, getCpuSeconds: cpuSeconds, getSeconds: seconds };
  };
  // The first round compiles what later ones run.
  await product();
  await peer(0);
  const onPair = (round: number) => process.stdout.write(`pair ${round + 1} of ${pairs}\n`);
  const result = await runPairs({ pairs, product, peer, onPair });
  const { putCpuSeconds, getCpuSeconds, getSeconds } = result.ratio;
  if (putCpuSeconds === undefined || getCpuSeconds === undefined || getSeconds === undefined) {
    throw new Error("Nothing was measured.");
  }
  await writeReport({
    name: "server-cpu",
    title: "The server alone against nginx: 512 MiB up, and down four times",
    verdicts: [
      { what: "PUT, CPU (nginx WebDAV + SHA-256)", measured: putCpuSeconds.median, goal: GOALS.put, unit: "×" },
      { what: "GET, CPU (nginx sendfile)", measured: getCpuSeconds.median, goal: GOALS.get, unit: "×" },
      { what: "GET, time (nginx sendfile)", measured: getSeconds.median, goal: GOALS.getTime, unit: "×" },
    ],
    rows: [
      { label: "PUT: CPU ratio", summary: putCpuSeconds, goal: GOALS.put },
      { label: "GET: CPU ratio", summary: getCpuSeconds, goal: GOALS.get },
      { label: "GET: time ratio", summary: getSeconds, goal: GOALS.getTime },
    ],
    details: { sizeBytes: SIZE_BYTES, gets: GETS, ...result },
  });
}

/** CPU that a process used, and the time that passed, while something was done to it. */
async function costing(pid: number, work: () => Promise<void>): Promise<{ cpuSeconds: number; seconds: number }> {
  const [before, began] = [await cpuOf(pid), performance.now()];
  await work();
  return { seconds: (performance.now() - began) / 1000, cpuSeconds: (await cpuOf(pid)) - before };
}

async function cpuOf(pid: number): Promise<number> {
  const usage = await usageOf(pid);
  if (usage === undefined) throw new Error("The server is gone.");
  return usage.cpuSeconds;
}

async function upload(session: TestSession, object: RawObject, objectId: Uint8Array): Promise<void> {
  const { ctLength, leaves, treeHash, path } = object;
  const id = toBase64Url(objectId);
  await accepted(session.call(createUpload, { json: { objectId: id, ciphertextLength: ctLength } }));
  await using file = await open(path);
  let next = 0;
  const send = async (): Promise<void> => {
    for (let part = next++; part < leaves.length; part = next++) {
      const { start, end } = partRange(ctLength, part);
      const bytes = new Uint8Array(end - start);
      await file.read(bytes, 0, bytes.length, start);
      if (part === 0) rename(bytes, objectId);
      const call = { params: { objectId: id, part }, raw: bytes, leaves: signedLeaves(object, part, bytes) };
      await accepted(session.call(putPart, call));
    }
  };
  await Promise.all(Array.from({ length: PARTS_IN_FLIGHT }, send));
  const json = { ciphertextLength: ctLength, treeHash: toBase64Url(treeHash) };
  await accepted(session.call(completeUpload, { params: { objectId: id }, json }));
}

async function accepted(answer: Promise<{ readonly status: number; readonly body: unknown }>): Promise<void> {
  const { status, body } = await answer;
  if (status >= 300) throw new Error(`The server answered ${status}: ${JSON.stringify(body)}`);
}

async function putWhole(url: string, { path, ctLength }: RawObject): Promise<void> {
  const outgoing = request(url, { method: "PUT", headers: { "content-length": ctLength } });
  const status = new Promise<number>((resolve, reject) => {
    outgoing.once("error", reject);
    outgoing.once("response", (incoming) => {
      incoming.resume();
      resolve(incoming.statusCode ?? 0);
    });
  });
  await pipeline(createReadStream(path, { highWaterMark: 2 ** 20 }), outgoing);
  if ((await status) >= 300) throw new Error(`nginx answered ${await status}.`);
}

type Headers = RequestInit["headers"];

async function* bodyOf(url: string, headers: Headers = {}): AsyncGenerator<Uint8Array> {
  const incoming = await new Promise<IncomingMessage>((resolve, reject) => {
    get(url, { headers: headers as Record<string, string> }, resolve).once("error", reject);
  });
  if (incoming.statusCode !== 200) throw new Error(`${url} answered ${incoming.statusCode}.`);
  yield* incoming;
}

async function discard(url: string, expectedBytes: number, headers?: Headers): Promise<void> {
  let received = 0;
  for await (const chunk of bodyOf(url, headers)) received += chunk.length;
  if (received !== expectedBytes) throw new Error(`${received} bytes came instead of ${expectedBytes}.`);
}

async function digestOf(url: string, headers?: Headers): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of bodyOf(url, headers)) hash.update(chunk);
  return hash.digest("hex");
}

/** Throws unless the digest is that of the object, under that id if it was given another one. */
async function requireSame({ path }: RawObject, digest: string, objectId?: Uint8Array): Promise<void> {
  const hash = createHash("sha256");
  let isFirst = true;
  for await (const chunk of createReadStream(path, { highWaterMark: 2 ** 20 })) {
    if (isFirst && objectId !== undefined) rename(chunk as Uint8Array, objectId);
    isFirst = false;
    hash.update(chunk as Uint8Array);
  }
  if (hash.digest("hex") !== digest) throw new Error("What came back is not what was sent.");
}

/** CPU of SHA-256 alone over the file's bytes. */
async function hashingSeconds(path: string): Promise<number> {
  const hash = createHash("sha256");
  let microseconds = 0;
  for await (const chunk of createReadStream(path, { highWaterMark: 4 * 2 ** 20 })) {
    const before = process.threadCpuUsage();
    hash.update(chunk as Uint8Array);
    const { user, system } = process.threadCpuUsage(before);
    microseconds += user + system;
  }
  return microseconds / 1e6;
}
