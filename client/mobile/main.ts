// npm run mobile -- sync [android|ios]: builds the pages of the apps and puts them into client/android and client/ios.
import path from "node:path";
import { APP_FOLDER, ensureBuilt } from "../build/ensure-built.ts";
import { syncProjects } from "./sync.ts";

const USAGE = "npm run mobile -- sync [android|ios]\n";
const [command, platform, ...rest] = process.argv.slice(2);
if (command !== "sync" || ![undefined, "android", "ios"].includes(platform) || rest.length > 0) {
  process.stderr.write(USAGE);
  process.exitCode = 2;
} else {
  await ensureBuilt((line) => process.stdout.write(`${line}\n`), APP_FOLDER);
  const client = path.resolve(import.meta.dirname, "..");
  await syncProjects({ client, platform: platform as "android" | "ios" | undefined });
}
