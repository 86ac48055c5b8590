import { runExcalibur } from "./program.ts";
import { endOnSignals } from "./terminal/signals.ts";
import { processTerminal } from "./terminal/terminal.ts";

process.exitCode = await runExcalibur(process.argv.slice(2), processTerminal(), endOnSignals());
