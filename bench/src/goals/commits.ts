import { randomBytes } from "@excalibur/core/primitives";
import { insertSignedIn, type TestSession, type VolumeWriter } from "@excalibur/server/testing";
import { startDrive } from "../drive.ts";
import { type Measures, runPairs } from "../pairs.ts";
import { usageOf } from "../process-watch.ts";
import { writeReport } from "../report.ts";
import { summarize } from "../statistics.ts";
import { push } from "../volume-push.ts";

const FOLDERS = { many: 100_000, few: 10 } as const;
const FOLDERS_A_COMMIT = 5_000;
const COMMITS = 100;
/** «The same», as far as a noisy machine can tell. */
const GOAL = 1.25;

/** Goal 10, second half: a commit costs the server the same in a volume of 10 and of 100 000 folders. */
export async function measureCommits({ pairs }: { readonly pairs: number }): Promise<void> {
  await using drive = await startDrive();
  const { sqliteFile, origin, serverPid } = drive;
  const { sessions, writers } = await insertSignedIn({ sqliteFile, origin, name: "raw", volumes: 2 });
  const [session] = sessions as [TestSession];
  const [many, few] = writers as [VolumeWriter, VolumeWriter];
  const folders = { many: await grow(session, many, FOLDERS.many), few: await grow(session, few, FOLDERS.few) };

  const run = async (writer: VolumeWriter, nodeIds: readonly Uint8Array[], round: number): Promise<Measures> => {
    const before = await usageOf(serverPid);
    const times: number[] = [];
    for (let i = 0; i < COMMITS; i++) {
      const nodeId = nodeIds[(round * COMMITS + i * 7_919) % nodeIds.length] as Uint8Array;
      times.push(await push(session, writer, [nodeId]));
    }
    const after = await usageOf(serverPid);
    if (before === undefined || after === undefined) throw new Error("The server is gone.");
    return {
      cpuMs: ((after.cpuSeconds - before.cpuSeconds) * 1000) / COMMITS,
      commitMs: summarize(times).median,
    };
  };
  // The first commit after a start reads the volume's state from the database.
  await run(many, folders.many, 0);
  await run(few, folders.few, 0);
  const result = await runPairs({
    pairs,
    product: (round) => run(many, folders.many, round),
    peer: (round) => run(few, folders.few, round),
    onPair: (round) => process.stdout.write(`pair ${round + 1} of ${pairs}\n`),
  });
  const { cpuMs, commitMs } = result.ratio;
  if (cpuMs === undefined || commitMs === undefined) throw new Error("Nothing was measured.");
  await writeReport({
    name: "commits",
    title: "A commit in a volume of 100 000 folders against one of 10",
    verdicts: [
      { what: "server CPU", measured: cpuMs.median, goal: GOAL, unit: "×" },
      { what: "time", measured: commitMs.median, goal: GOAL, unit: "×" },
    ],
    rows: [
      { label: "server CPU ratio", summary: cpuMs, goal: GOAL },
      { label: "time ratio", summary: commitMs, goal: GOAL },
    ],
    details: { folders: FOLDERS, commits: COMMITS, ...result },
  });
}

async function grow(session: TestSession, writer: VolumeWriter, count: number): Promise<Uint8Array[]> {
  const nodeIds = Array.from({ length: count }, () => randomBytes(16));
  for (let at = 0; at < count; at += FOLDERS_A_COMMIT) {
    await push(session, writer, nodeIds.slice(at, at + FOLDERS_A_COMMIT));
  }
  return nodeIds;
}
