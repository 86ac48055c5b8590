import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type FirstScripts, firstScripts } from "../../../client/tests/first-scripts.ts";
import { type Measures, runPairs } from "../pairs.ts";
import { writeReport } from "../report.ts";
import { writeRandomFile } from "../sample-files.ts";
import { summarize } from "../statistics.ts";
import { enterPlainly, startPlainServer, startWebClient, uploadInClient, visit } from "../web-client.ts";

const UPLOAD_MIB = 256;
const GOALS = { scriptKilobytes: 250, usableMs: 1_000, longestTaskMs: 100 };

const CLIENT_USABLE = `document.querySelector("input[autocomplete=username]")?.checkVisibility() === true`;
const FORM = `<!doctype html><title>A form</title><form><input autocomplete=username><input type=password><button>Sign in</button></form>`;

/** Goal 9: what the first visit costs, against a page that has nothing but the form, and whether the page answers while a file goes up. */
export async function measureWeb({ pairs }: { readonly pairs: number }): Promise<void> {
  await using world = await startWebClient();
  await using plain = await startPlainServer({ "/": { type: "text/html", body: FORM } });
  let scripts: FirstScripts | undefined;
  const visits = await runPairs({
    pairs,
    product: async () => {
      const { seen, ...times } = await visit(`${world.origin}/sign-in`, CLIENT_USABLE, firstScripts);
      scripts = seen;
      return { ...times };
    },
    peer: async () => {
      const { seen: _seen, ...times } = await visit(plain.origin, CLIENT_USABLE, async () => undefined);
      return { ...times };
    },
    onPair: (round, mine) => process.stdout.write(`visit ${round + 1} of ${pairs}: ${JSON.stringify(mine)}\n`),
  });
  const { usableMs, againMs } = visits.product;
  const uploads: Measures[] = [];
  const folder = await mkdtemp(join(tmpdir(), "excalibur-bench-"));
  try {
    await using browser = await enterPlainly(world);
    for (let round = 0; round < pairs; round++) {
      const path = join(folder, `film ${round}.bin`);
      await writeRandomFile(path, UPLOAD_MIB * 2 ** 20);
      uploads.push({ ...(await uploadInClient(browser, path)) });
      await rm(path);
      process.stdout.write(`upload ${round + 1} of ${pairs}: ${JSON.stringify(uploads.at(-1))}\n`);
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  if (scripts === undefined || usableMs === undefined || againMs === undefined)
    throw new Error("Nothing was measured.");
  const script = summarize([(scripts.pageBytes + scripts.engineBytes) / 1000]);
  const tasks = summarize(uploads.map(({ longestTaskMs = 0 }) => longestTaskMs));
  const rows = [
    { label: "script before sign-in, compressed (kB)", summary: script, goal: GOALS.scriptKilobytes, unit: "kB" },
    { label: "first visit, form usable (ms)", summary: usableMs, goal: GOALS.usableMs, unit: "ms" },
    { label: "the same after a reload (ms)", summary: againMs, goal: GOALS.usableMs, unit: "ms" },
    {
      label: `longest task of an upload of ${UPLOAD_MIB} MiB (ms)`,
      summary: tasks,
      goal: GOALS.longestTaskMs,
      unit: "ms",
    },
  ];
  await writeReport({
    name: "web",
    title: "The web client: its first visit, and its page while a file goes up",
    verdicts: rows.map(({ label, summary, goal, unit }) => ({ what: label, measured: summary.median, goal, unit })),
    rows,
    details: { visits, scripts, uploads },
  });
}
