import { rm } from "node:fs/promises";
import { join } from "node:path";
import { startDrive } from "../drive.ts";
import { runPairs } from "../pairs.ts";
import { startWebDavPeer } from "../rclone.ts";
import { writeReport } from "../report.ts";
import type { Finished } from "../run-command.ts";
import { digest, writeRandomFile } from "../sample-files.ts";

const GIBIBYTE = 2 ** 30;
/** Goals 1 and 2: time and client CPU against rclone crypt over nginx WebDAV. */
const GOALS = { upload: { seconds: 0.9, cpuSeconds: 0.95 }, download: { seconds: 1, cpuSeconds: 1 } } as const;

interface TransferOptions {
  readonly pairs: number;
  readonly direction: "upload" | "download";
}

/** One file of 1 GiB, through the command line and the server, and through rclone crypt and nginx. */
export async function measureTransfer({ pairs, direction }: TransferOptions): Promise<void> {
  await using drive = await startDrive();
  await using peer = await startWebDavPeer();
  const source = join(drive.folder, "sample.bin");
  await writeRandomFile(source, GIBIBYTE);
  const expected = await digest(source);
  const measured = ({ seconds, cpuSeconds }: Finished) => ({ seconds, cpuSeconds });

  const product = async (round: number) => {
    const folder = `/round-${round}`;
    await drive.run(["mkdir", folder]);
    const up = await drive.run(["put", "--quiet", source, folder]);
    const back = join(drive.folder, "back");
    const down = await drive.run(["get", "--quiet", `${folder}/sample.bin`, drive.folder, "--keep-both"]);
    await requireSame(join(drive.folder, "sample (2).bin"), expected);
    await rm(back, { force: true });
    await drive.run(["rm", folder]);
    await drive.run(["trash", "empty", "--yes"]);
    return measured(direction === "upload" ? up : down);
  };
  const rclone = async (round: number) => {
    const up = await peer.run(["copyto", source, `crypt:round-${round}.bin`]);
    const back = join(drive.folder, "peer.bin");
    const down = await peer.run(["copyto", `crypt:round-${round}.bin`, back]);
    await requireSame(back, expected);
    await peer.run(["deletefile", `crypt:round-${round}.bin`]);
    return measured(direction === "upload" ? up : down);
  };
  const result = await runPairs({
    pairs,
    product,
    peer: rclone,
    onPair: (round) => process.stdout.write(`pair ${round + 1} of ${pairs}\n`),
  });
  const goals = GOALS[direction];
  const { seconds, cpuSeconds } = result.ratio;
  if (seconds === undefined || cpuSeconds === undefined) throw new Error("Nothing was measured.");
  await writeReport({
    name: direction,
    title: `${direction === "upload" ? "Upload" : "Download"} of 1 GiB against rclone crypt over nginx WebDAV`,
    verdicts: [
      { what: "time", measured: seconds.median, goal: goals.seconds, unit: "×" },
      { what: "client CPU", measured: cpuSeconds.median, goal: goals.cpuSeconds, unit: "×" },
    ],
    rows: [
      { label: "time ratio", summary: seconds, goal: goals.seconds },
      { label: "client CPU ratio", summary: cpuSeconds, goal: goals.cpuSeconds },
    ],
    details: result,
  });
}

async function requireSame(path: string, expected: string): Promise<void> {
  if ((await digest(path)) !== expected) throw new Error(`${path} is not what was sent.`);
  await rm(path);
}
