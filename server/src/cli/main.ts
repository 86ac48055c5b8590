import { runServerCli } from "./program.ts";
import { processTerminal } from "./terminal.ts";

// Whatever the server writes is for the user it runs as.
process.umask(0o077);
process.exitCode = await runServerCli(process.argv.slice(2), processTerminal);
