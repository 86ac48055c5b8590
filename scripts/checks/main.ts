import path from "node:path";
import { closingLine } from "../test/report.ts";
import { runChecks } from "./run-checks.ts";

const outcome = await runChecks(path.resolve(import.meta.dirname, "../.."));
process.stdout.write(`${closingLine(outcome)}\n`);
process.exitCode = outcome.failed === 0 ? 0 : 1;
