/** `npm run bench -- NAME [--pairs N] [--files N]`: product and peer in one run, bytes checked, results in bench/results. */

import { parseArgs } from "node:util";
import { measureBrowserUpload } from "./goals/browser-upload.ts";
import { measureCommits } from "./goals/commits.ts";
import { measureExplorer } from "./goals/explorer.ts";
import { measureFlatness } from "./goals/flat.ts";
import { measureMemory } from "./goals/memory.ts";
import { measureRealtime } from "./goals/realtime.ts";
import { measureSealing } from "./goals/sealing.ts";
import { measureServerCpu } from "./goals/server-cpu.ts";
import { measureTransfer } from "./goals/transfer.ts";
import { measureTree } from "./goals/tree.ts";
import { measureWeb } from "./goals/web.ts";

const GOALS: Readonly<Record<string, (options: { readonly pairs: number; readonly files: number }) => Promise<void>>> =
  {
    upload: (options) => measureTransfer({ ...options, direction: "upload" }),
    download: (options) => measureTransfer({ ...options, direction: "download" }),
    tree: measureTree,
    sealing: measureSealing,
    memory: measureMemory,
    "server-cpu": measureServerCpu,
    realtime: measureRealtime,
    commits: measureCommits,
    flat: measureFlatness,
    explorer: measureExplorer,
    "browser-upload": measureBrowserUpload,
    web: measureWeb,
  };

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { pairs: { type: "string", default: "9" }, files: { type: "string", default: "1000000" } },
});
const [name] = positionals;
const goal = name === undefined ? undefined : GOALS[name];
if (goal === undefined) {
  process.stderr.write(`Which? npm run bench -- ${Object.keys(GOALS).join("|")} [--pairs 9] [--files 1000000]\n`);
  process.exitCode = 2;
} else {
  await goal({ pairs: Number(values.pairs), files: Number(values.files) });
}
