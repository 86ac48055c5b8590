import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { startDrive } from "../drive.ts";
import { type Measures, runPairs } from "../pairs.ts";
import { startLocalPeer } from "../rclone.ts";
import { writeReport } from "../report.ts";
import { digest, writeRandomTree } from "../sample-files.ts";

const FILES = 5_000;
const FILE_BYTES = 16 * 1024;
const GOALS = { up: 0.5, down: 1 } as const;

/** Goal 4: 5 000 files of 16 KiB against rclone crypt on a local folder. */
export async function measureTree({ pairs }: { readonly pairs: number }): Promise<void> {
  await using drive = await startDrive();
  await using peer = await startLocalPeer();
  const source = join(drive.folder, "tree");
  await mkdir(source);
  await writeRandomTree(source, { files: FILES, sizeBytes: FILE_BYTES });
  const expected = await digest(source);

  const product = async (round: number): Promise<Measures> => {
    await drive.run(["mkdir", `/round-${round}`]);
    const up = await drive.run(["put", "-r", "--quiet", source, `/round-${round}`]);
    const back = join(drive.folder, "back");
    await mkdir(back);
    const down = await drive.run(["get", "-r", "--quiet", `/round-${round}/tree`, back]);
    await requireSame(join(back, "tree"), expected);
    await rm(back, { recursive: true });
    return { upSeconds: up.seconds, downSeconds: down.seconds };
  };
  const rclone = async (round: number): Promise<Measures> => {
    const up = await peer.run(["copy", source, `crypt:round-${round}`]);
    const back = join(drive.folder, "peer");
    const down = await peer.run(["copy", `crypt:round-${round}`, back]);
    await requireSame(back, expected);
    await rm(back, { recursive: true });
    return { upSeconds: up.seconds, downSeconds: down.seconds };
  };
  const result = await runPairs({
    pairs,
    product,
    peer: rclone,
    onPair: (round) => process.stdout.write(`pair ${round + 1} of ${pairs}\n`),
  });
  const { upSeconds, downSeconds } = result.ratio;
  if (upSeconds === undefined || downSeconds === undefined) throw new Error("Nothing was measured.");
  await writeReport({
    name: "tree",
    title: `${FILES} files of 16 KiB against rclone crypt on a local folder`,
    verdicts: [
      { what: "up, time", measured: upSeconds.median, goal: GOALS.up, unit: "×" },
      { what: "down, time", measured: downSeconds.median, goal: GOALS.down, unit: "×" },
    ],
    rows: [
      { label: "up: time ratio", summary: upSeconds, goal: GOALS.up },
      { label: "down: time ratio", summary: downSeconds, goal: GOALS.down },
    ],
    details: result,
  });
}

async function requireSame(path: string, expected: string): Promise<void> {
  if ((await digest(path)) !== expected) throw new Error(`${path} is not what was sent.`);
}
