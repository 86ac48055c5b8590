import { runServerCli } from "./program.ts";
import { processTerminal } from "./terminal.ts";

// Whatever the server writes is for the user it runs as.
process.umask(0o077);
const args = process.argv.slice(2);

process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  const isClosed = error.code === "EPIPE";
  // A server goes on when nobody reads any more what it said at its start (`npm start | head`).
  if (isClosed && args[0] === "start") return;
  if (!isClosed) processTerminal.complain(`The output could not be written (${error.code ?? error.message}).`);
  process.exit(isClosed ? (process.exitCode ?? 0) : 1);
});

process.exitCode = await runServerCli(args, processTerminal);
