import { join } from "node:path";
import { runPairs } from "../pairs.ts";
import { writeReport } from "../report.ts";
import { runCommand } from "../run-command.ts";

const MEBIBYTES = 512;
const GOAL = 1.6;
const WORK = join(import.meta.dirname, "..", "work");

/** Goal 5: sealing costs at most 1.6 times the CPU of bare createCipheriv + SHA-256 over the same bytes. */
export async function measureSealing({ pairs }: { readonly pairs: number }): Promise<void> {
  const run = async (file: string) => {
    const { stdout } = await runCommand([process.execPath, join(WORK, file), String(MEBIBYTES)]);
    return JSON.parse(stdout) as { cpuSeconds: number };
  };
  const result = await runPairs({ pairs, product: () => run("seal.ts"), peer: () => run("bare-cipher.ts") });
  const ratio = result.ratio.cpuSeconds;
  if (ratio === undefined) throw new Error("Nothing was measured.");
  await writeReport({
    name: "sealing",
    title: `Sealing ${MEBIBYTES} MiB: CPU against bare AES-256-GCM + SHA-256`,
    verdicts: [{ what: "CPU", measured: ratio.median, goal: GOAL, unit: "×" }],
    rows: [{ label: "CPU ratio", summary: ratio, goal: GOAL }],
    details: result,
  });
}
