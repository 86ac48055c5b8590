import path from "node:path";
import { closingLine } from "../test/report.ts";
import { checkImports } from "./check-imports.ts";

const outcome = await checkImports(path.resolve(import.meta.dirname, "../.."));
process.stdout.write(`${closingLine(outcome)}\n`);
process.exitCode = outcome.failed === 0 ? 0 : 1;
