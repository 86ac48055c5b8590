import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startNginx } from "./nginx.ts";
import { type Finished, runCommand } from "./run-command.ts";

/** rclone with its crypt remote, over nginx's WebDAV or on a local folder: what people use today. */
export interface Peer extends AsyncDisposable {
  run(args: readonly string[]): Promise<Finished>;
}

async function writeConfig(folder: string, wrapped: string): Promise<string> {
  const { stdout } = await runCommand(["rclone", "obscure", "benchmarks want a password too"]);
  const path = join(folder, "rclone.conf");
  await writeFile(path, `${wrapped}\n[crypt]\ntype = crypt\nremote = base:files\npassword = ${stdout.trim()}\n`);
  return path;
}

function peerOn(folder: string, config: string, end: () => Promise<void>): Peer {
  return {
    run: (args) => runCommand(["rclone", "--config", config, ...args]),
    [Symbol.asyncDispose]: async () => {
      await end();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

export async function startLocalPeer(): Promise<Peer> {
  const folder = await mkdtemp(join(tmpdir(), "excalibur-peer-"));
  const store = join(folder, "store");
  await mkdir(store);
  const config = await writeConfig(folder, `[base]\ntype = alias\nremote = ${store}\n`);
  return peerOn(folder, config, async () => undefined);
}

export async function startWebDavPeer(): Promise<Peer> {
  const nginx = await startNginx();
  await mkdir(join(nginx.store, "files"), { recursive: true });
  const { folder } = nginx;
  const rclone = await writeConfig(folder, `[base]\ntype = webdav\nurl = ${nginx.origin}\nvendor = other\n`);
  return peerOn(folder, rclone, async () => nginx[Symbol.asyncDispose]());
}
