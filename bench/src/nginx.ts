import { spawn } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** nginx with WebDAV over a folder, as one process. */
export interface Nginx extends AsyncDisposable {
  readonly folder: string;
  /** What it serves. */
  readonly store: string;
  readonly origin: string;
  readonly pid: number;
}

export async function startNginx(): Promise<Nginx> {
  const folder = await mkdtemp(join(tmpdir(), "excalibur-peer-"));
  const store = join(folder, "store");
  await mkdir(store);
  await mkdir(join(folder, "temp"));
  const port = await freePort();
  const config = join(folder, "nginx.conf");
  await writeFile(config, nginxConfig({ folder, store, port }));
  // One process instead of a master and a worker, so that its CPU is that of one process id.
  const nginx = spawn("nginx", ["-c", config, "-p", folder, "-g", "daemon off; master_process off;"], {
    stdio: ["ignore", "inherit", "inherit"],
  });
  const ended = new Promise((resolve) => nginx.once("exit", resolve));
  await reachable(port);
  return {
    folder,
    store,
    origin: `http://127.0.0.1:${port}`,
    pid: nginx.pid as number,
    [Symbol.asyncDispose]: async () => {
      nginx.kill("SIGTERM");
      await ended;
      await rm(folder, { recursive: true, force: true });
    },
  };
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
