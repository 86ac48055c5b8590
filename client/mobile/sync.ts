import { spawn } from "node:child_process";
import path from "node:path";

const CLI = path.resolve(import.meta.dirname, "../../node_modules/@capacitor/cli/bin/capacitor");

export type MobilePlatform = "android" | "ios";

export interface SyncOptions {
  /** The workspace `client`, in which capacitor.config.ts, android/ and ios/ are. */
  readonly client: string;
  /** Both unless told. */
  readonly platform?: MobilePlatform | undefined;
  readonly isQuiet?: boolean;
}

/**
 * Puts the built pages, the configuration and the list of plugins into the projects of the apps, by Capacitor's own
 * program. Rejects when that fails, which has said above why.
 */
export async function syncProjects({ client, platform, isQuiet = false }: SyncOptions): Promise<void> {
  const flags = ["sync", ...(platform === undefined ? [] : [platform])];
  const code = await new Promise<number | null>((resolve, reject) => {
    const output = isQuiet ? "ignore" : "inherit";
    // CI: it asks nothing, and sends nobody what it was used for.
    const env = { ...process.env, CI: "1", CAPACITOR_TELEMETRY: "0" };
    const child = spawn(process.execPath, [CLI, ...flags], { cwd: client, env, stdio: ["ignore", output, output] });
    child.once("error", reject);
    child.once("exit", resolve);
  });
  if (code !== 0) throw new Error("The projects of the apps could not be brought up to date.");
}
