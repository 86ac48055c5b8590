import { spawn } from "node:child_process";
import path from "node:path";
import { readNote } from "./note.ts";
import { hashSources } from "./sources.ts";

const ROOT = path.resolve(import.meta.dirname, "../..");

/** Where the web client is built to, and where servers look for it. */
export const CLIENT_FOLDER = path.join(ROOT, "client/dist");

/** The pages of the app: for `npm run mobile`, and for the stories about them. */
export const APP_FOLDER = path.join(ROOT, "client/mobile/dist");

/** Whether what is built was made of the sources as they are. */
export async function isBuilt(folder = CLIENT_FOLDER): Promise<boolean> {
  const [note, source] = await Promise.all([readNote(folder), hashSources(ROOT)]);
  return note?.source === source;
}

/**
 * Builds the web client if its sources are newer than what is built. In a process of its own: the memory it takes is
 * given back before the server starts. Rejects when the build fails, which says above why.
 */
export async function ensureBuilt(say: (line: string) => void, folder = CLIENT_FOLDER): Promise<void> {
  if (await isBuilt(folder)) return;
  const [what, flags] = folder === APP_FOLDER ? ["pages of the app", ["--app"]] : ["web client", []];
  say(`Building the ${what}; this happens once for each version.`);
  const began = performance.now();
  const main = path.join(import.meta.dirname, "main.ts");
  const code = await new Promise<number | null>((resolve, reject) => {
    // Whoever builds, what is built is the same: test runners say "test", and libraries then bring more along.
    const env = { ...process.env, NODE_ENV: "production" };
    const child = spawn(process.execPath, [main, folder, ...flags], {
      cwd: ROOT,
      env,
      stdio: ["ignore", "inherit", "inherit"],
    });
    child.once("error", reject);
    child.once("exit", resolve);
  });
  if (code !== 0) throw new Error(`The ${what} could not be built; what went wrong stands above.`);
  say(`Built in ${Math.round((performance.now() - began) / 100) / 10} s.`);
}
