import { spawn } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
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
  const folder = await mkdtemp(join(tmpdir(), "excalibur-peer-"));
  const store = join(folder, "store");
  await mkdir(join(store, "files"), { recursive: true });
  await mkdir(join(folder, "temp"));
  const port = await freePort();
  const config = join(folder, "nginx.conf");
  await writeFile(config, nginxConfig({ folder, store, port }));
  const nginx = spawn("nginx", ["-c", config, "-p", folder, "-g", "daemon off;"], {
    stdio: ["ignore", "inherit", "inherit"],
  });
  await reachable(port);
  const rclone = await writeConfig(folder, `[base]\ntype = webdav\nurl = http://127.0.0.1:${port}\nvendor = other\n`);
  return peerOn(folder, rclone, async () => {
    const ended = new Promise((resolve) => nginx.once("exit", resolve));
    nginx.kill("SIGTERM");
    await ended;
  });
}

function nginxConfig({
  folder,
  store,
  port,
}: {
  readonly folder: string;
  readonly store: string;
  readonly port: number;
}): string {
  return `load_module /usr/lib/nginx/modules/ngx_http_dav_ext_module.so;
user root;
worker_processes 1;
pid ${folder}/nginx.pid;
error_log ${folder}/error.log;
events { worker_connections 256; }
http {
  access_log off;
  sendfile on;
  client_max_body_size 0;
  client_body_temp_path ${folder}/temp;
  server {
    listen 127.0.0.1:${port};
    root ${store};
    location / {
      dav_methods PUT DELETE MKCOL COPY MOVE;
      dav_ext_methods PROPFIND OPTIONS;
      create_full_put_path on;
    }
  }
}
`;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === "string") throw new Error("No port was to be had.");
  return address.port;
}

async function reachable(port: number): Promise<void> {
  for (let attempt = 0; attempt < 200; attempt++) {
    try {
      await fetch(`http://127.0.0.1:${port}/`);
      return;
    } catch {
      // nginx has not opened its port yet.
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
  }
  throw new Error("nginx did not start.");
}
