import { toBase64Url } from "@excalibur/core/bytes";
import { randomBytes } from "@excalibur/core/primitives";
import { fetchPages, getObject, getStatePath, listCommits, postBatch, type Route } from "@excalibur/core/protocol";
import {
  insertSignedIn,
  type OpaqueObject,
  opaqueBatch,
  opaqueObject,
  type TestSession,
  type VolumeWriter,
} from "@excalibur/server/testing";
import { startDrive } from "../drive.ts";
import { runPairs } from "../pairs.ts";
import { plotLines } from "../plot-lines.ts";
import { usageOf } from "../process-watch.ts";
import { writeReport } from "../report.ts";
import type { Summary } from "../statistics.ts";
import { push } from "../volume-push.ts";

const FIRST_STEP = 1_000;
const FILES_A_FOLDER = 100;
const FILES_A_BATCH = 1_000;
const FILES_A_COMMIT = 10_000;
/** CPU is counted in hundredths of a second. */
const OPERATIONS = 200;
/** «Flat», as far as a noisy machine can tell. */
const GOAL = 1.25;

interface Contents {
  readonly session: TestSession;
  readonly writer: VolumeWriter;
  readonly folders: Uint8Array[];
  /** Some of the files: who is asked for later. */
  readonly files: string[];
  count: number;
}

type Operation = (contents: Contents, turn: number) => Promise<void>;

const OPERATIONS_BY_NAME: Readonly<Record<string, Operation>> = {
  "add a file": async (contents, turn) => {
    const object = opaqueObject(1);
    await upload(contents.session, [object]);
    await push(contents.session, contents.writer, [pick(contents.folders, turn)], { added: [object.objectId] });
    contents.count += 1;
  },
  "read a file": async ({ session, files }, turn) => {
    await ask(session, getObject, { params: { objectId: pick(files, turn) } });
  },
  "read a folder": async ({ session, writer, folders }, turn) => {
    const folder = writer.state.page(pick(folders, turn), { bitsLength: 0, bits: 0 });
    if (folder === null) throw new Error("That folder is gone.");
    const json = { hashes: [toBase64Url(folder.recordHash)] };
    await ask(session, fetchPages, { params: { volumeId: writer.id }, json });
  },
  "prove a folder": async ({ session, writer, folders }, turn) => {
    const query = `node=${toBase64Url(pick(folders, turn))}&bits=0&length=0`;
    await ask(session, getStatePath, { params: { volumeId: writer.id }, query });
  },
  "ask for news": async ({ session, writer }) => {
    await ask(session, listCommits, { params: { volumeId: writer.id }, query: `after=${writer.head.sequence}` });
  },
};

interface Step {
  readonly files: number;
  /** Median CPU milliseconds of the server, for the volume that grows and for one that does not. */
  readonly cpuMs: Readonly<Record<string, { readonly many: number; readonly few: number; readonly ratio: Summary }>>;
}

/** One server with one volume. */
interface Place extends AsyncDisposable {
  readonly contents: Contents;
  readonly serverPid: number;
}

async function startPlace(): Promise<Place> {
  const drive = await startDrive();
  const { sqliteFile, origin, serverPid } = drive;
  const { sessions, writers } = await insertSignedIn({ sqliteFile, origin, name: "raw" });
  const [session, writer] = [sessions[0] as TestSession, writers[0] as VolumeWriter];
  const contents: Contents = { session, writer, folders: [], files: [], count: 0 };
  return { contents, serverPid, [Symbol.asyncDispose]: () => drive[Symbol.asyncDispose]() };
}

async function costOf(operation: Operation, { contents, serverPid }: Place, round: number): Promise<number> {
  const cpuMs = async () => ((await usageOf(serverPid))?.cpuSeconds ?? Number.NaN) * 1000;
  const before = await cpuMs();
  for (let i = 0; i < OPERATIONS; i++) await operation(contents, round * OPERATIONS + i * 7_919);
  return ((await cpuMs()) - before) / OPERATIONS;
}

/**
 * Goal 11: what an operation costs the server does not depend on how many files the volume holds. The same is done in
 * turn on a server of a thousand files, so that what else the machine does meets both.
 */
export async function measureFlatness(options: { readonly pairs: number; readonly files: number }): Promise<void> {
  const { pairs, files } = options;
  await using many = await startPlace();
  await using few = await startPlace();
  await grow(few.contents, FIRST_STEP);
  const steps: Step[] = [];
  for (let step = FIRST_STEP; step <= files; step *= 10) {
    await grow(many.contents, step);
    const costs: Record<string, Step["cpuMs"][string]> = {};
    for (const [name, operation] of Object.entries(OPERATIONS_BY_NAME)) {
      const run = (place: Place) => async (round: number) => ({ cpuMs: await costOf(operation, place, round) });
      // The first round compiles and warms what the others use.
      for (const place of [many, few]) await costOf(operation, place, pairs);
      const { product, peer, ratio } = await runPairs({ pairs, product: run(many), peer: run(few) });
      costs[name] = {
        many: product["cpuMs"]?.median ?? Number.NaN,
        few: peer["cpuMs"]?.median ?? Number.NaN,
        ratio: ratio["cpuMs"] as Summary,
      };
    }
    steps.push({ files: step, cpuMs: costs });
    process.stdout.write(`${step} files: ${JSON.stringify(costs)}\n`);
    // After each step: the last one takes long, and may be given up.
    await report(steps);
  }
}

async function report(steps: readonly Step[]): Promise<void> {
  const names = Object.keys(OPERATIONS_BY_NAME);
  const line = (name: string) =>
    steps.map(({ files, cpuMs }) => ({ x: files, y: cpuMs[name]?.ratio.median ?? Number.NaN }));
  const verdicts = names.map((name) => ({
    ...{ what: `${name}, server CPU`, measured: line(name).at(-1)?.y ?? Number.NaN, goal: GOAL, unit: "×" },
  }));
  const most = (steps.at(-1)?.files ?? 0).toLocaleString("en");
  const title = `Server CPU of an operation among ${most} files, against 1,000`;
  await writeReport({
    ...{ name: "flat", title, verdicts, rows: [] },
    plot: plotLines({
      ...{ title, xLabel: "files in the volume", yLabel: "×" },
      lines: names.map((label) => ({ label, points: line(label) })),
    }),
    details: { operationsARound: OPERATIONS, filesAFolder: FILES_A_FOLDER, steps },
  });
}

function pick<T>(from: readonly T[], turn: number): T {
  return from[turn % from.length] as T;
}

/** Files in batches, a folder for each hundred, and a commit for ten thousand: how a client would bring them. */
async function grow(contents: Contents, until: number): Promise<void> {
  const { session, writer } = contents;
  while (contents.count < until) {
    const count = Math.min(FILES_A_COMMIT, until - contents.count);
    const added: Uint8Array[] = [];
    for (let at = 0; at < count; at += FILES_A_BATCH) {
      const objects = Array.from({ length: Math.min(FILES_A_BATCH, count - at) }, () => opaqueObject(1));
      await upload(session, objects);
      contents.files.push((objects[0] as OpaqueObject).id);
      for (const { objectId } of objects) added.push(objectId);
    }
    const folders = Array.from({ length: Math.ceil(count / FILES_A_FOLDER) }, () => randomBytes(16));
    await push(session, writer, folders, { added });
    contents.folders.push(...folders);
    contents.count += count;
  }
}

async function upload(session: TestSession, objects: readonly OpaqueObject[]): Promise<void> {
  const { body, signedLeaves } = opaqueBatch(objects);
  await ask(session, postBatch, { raw: body, leaves: signedLeaves });
}

async function ask(session: TestSession, route: Route, call: Parameters<TestSession["call"]>[1]): Promise<void> {
  const { status, body } = await session.call(route, call);
  if (status >= 300) throw new Error(`The server answered ${status}: ${JSON.stringify(body)}`);
}
