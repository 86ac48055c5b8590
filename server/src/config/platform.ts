import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join, resolve } from "node:path";

const REPOSITORY = resolve(import.meta.dirname, "../../..");

function isRepository(): boolean {
  try {
    const { name } = JSON.parse(readFileSync(join(REPOSITORY, "package.json"), "utf8")) as { name?: unknown };
    return name === "excalibur-workspace";
  } catch {
    // Installed as a package: there is no such file above it.
    return false;
  }
}

function platformFolder(env: NodeJS.ProcessEnv): string {
  if (process.platform === "win32")
    return join(env["LOCALAPPDATA"] ?? join(homedir(), "AppData", "Local"), "Excalibur Server");
  if (process.platform === "darwin") return join(homedir(), "Library", "Application Support", "Excalibur Server");
  return join(env["XDG_DATA_HOME"] || join(homedir(), ".local", "share"), "excalibur-server");
}

/** `data` in the repository when run from one, else where the platform keeps such things. */
export function defaultDataFolder(env: NodeJS.ProcessEnv = process.env): string {
  return isRepository() ? join(REPOSITORY, "data") : platformFolder(env);
}
