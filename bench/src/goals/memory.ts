import { rm } from "node:fs/promises";
import { join } from "node:path";
import { startDrive } from "../drive.ts";
import { usageOf } from "../process-watch.ts";
import { writeReport } from "../report.ts";
import { digest, writeRandomFile } from "../sample-files.ts";

const FILE_BYTES = 5 * 2 ** 30;
const MEBIBYTE = 2 ** 20;
const GOAL_MIB = 150;

/** Goal 7: 5 GiB up and down, client and server each below 150 MiB above idle. There is no peer: memory is not a race. */
export async function measureMemory(): Promise<void> {
  await using drive = await startDrive();
  const source = join(drive.folder, "video.bin");
  await writeRandomFile(source, FILE_BYTES);
  const expected = await digest(source);
  const serverIdle = await serverPeak(drive.serverPid);
  const clientIdle = (await drive.run(["whoami"])).peakBytes;
  const up = await drive.run(["put", "--quiet", source, "/"]);
  const serverUp = await serverPeak(drive.serverPid);
  await rm(source);
  const down = await drive.run(["get", "--quiet", "/video.bin", drive.folder]);
  const serverDown = await serverPeak(drive.serverPid);
  if ((await digest(source)) !== expected) throw new Error("What came back is not what was sent.");
  const above = (peak: number, idle: number) => (peak - idle) / MEBIBYTE;
  const verdicts = [
    { what: "client up", measured: above(up.peakBytes, clientIdle) },
    { what: "client down", measured: above(down.peakBytes, clientIdle) },
    { what: "server up", measured: above(serverUp, serverIdle) },
    { what: "server up and down", measured: above(serverDown, serverIdle) },
  ].map((verdict) => ({ ...verdict, goal: GOAL_MIB, unit: "MiB above idle" }));
  await writeReport({
    name: "memory",
    title: "Peak memory above idle while 5 GiB go up and come down (MiB)",
    verdicts,
    rows: verdicts.map(({ what, measured }) => ({
      label: what,
      summary: { median: measured, least: measured, most: measured },
      goal: GOAL_MIB,
    })),
    details: {
      clientIdle,
      serverIdle,
      up,
      down,
      serverUp,
      serverDown,
      upSeconds: up.seconds,
      downSeconds: down.seconds,
    },
  });
}

async function serverPeak(pid: number): Promise<number> {
  const usage = await usageOf(pid);
  if (usage === undefined) throw new Error("The server is gone.");
  return usage.peakBytes;
}
