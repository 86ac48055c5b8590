// npm start [-- FLAGS]: builds the web client when its sources are newer, then `excalibur-server start FLAGS` in this process.
import { ensureBuilt } from "../client/build/ensure-built.ts";

async function isReady(): Promise<boolean> {
  try {
    await ensureBuilt((line) => process.stdout.write(`${line}\n`));
    return true;
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n`);
    return false;
  }
}

if (await isReady()) {
  process.argv.splice(2, 0, "start");
  await import("../server/src/cli/main.ts");
} else {
  process.exitCode = 1;
}
