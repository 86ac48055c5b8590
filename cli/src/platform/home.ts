import { homedir } from "node:os";
import { join, resolve } from "node:path";

/** The folder that holds this person's state: EXCALIBUR_HOME, else where the platform keeps settings. */
export function excaliburHome(
  env: Readonly<Record<string, string | undefined>> = process.env,
  platform: string = process.platform,
): string {
  const chosen = env["EXCALIBUR_HOME"];
  if (chosen !== undefined && chosen !== "") return resolve(chosen);
  if (platform === "win32") return join(env["APPDATA"] ?? join(homedir(), "AppData", "Roaming"), "Excalibur");
  if (platform === "darwin") return join(homedir(), "Library", "Application Support", "Excalibur");
  const config = env["XDG_CONFIG_HOME"];
  // The XDG specification: a path that is not absolute is to be ignored.
  return join(config?.startsWith("/") ? config : join(homedir(), ".config"), "excalibur");
}
