import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import { connect, createServer } from "node:net";
import { join, resolve } from "node:path";

const PLACES = [
  "/usr/sbin/nginx",
  "/usr/bin/nginx",
  "/usr/local/sbin/nginx",
  "/usr/local/bin/nginx",
  "/opt/homebrew/bin/nginx",
];
const PAGE = resolve(import.meta.dirname, "../../../docs/operate/reverse-proxy.md");

/** The system's nginx, or the one named by EXCALIBUR_NGINX. */
export function findNginx(env: NodeJS.ProcessEnv = process.env): string | undefined {
  return [env["EXCALIBUR_NGINX"], ...PLACES].find((place) => place !== undefined && existsSync(place));
}

/** The file that the documentation tells people to use. */
export async function documentedNginxFile(): Promise<string> {
  const [, file] = /```nginx\n([\s\S]*?)```/.exec(await readFile(PAGE, "utf8")) ?? [];
  if (file === undefined) throw new Error(`${PAGE} has no nginx file.`);
  return file;
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

export interface NginxOptions {
  readonly folder: string;
  readonly port: number;
  /** What is put in front of the documented file's places: text by the text it replaces, each of which has to be there. */
  readonly places: Readonly<Record<string, string>>;
}

/** Runs nginx with the documented file, whose places (ports, names, paths) are exchanged for those of a test. */
export async function runNginx({ folder, port, places }: NginxOptions): Promise<AsyncDisposable> {
  let file = await documentedNginxFile();
  for (const [place, text] of Object.entries(places)) {
    if (!file.includes(place)) throw new Error(`The documented file has no «${place}».`);
    file = file.replaceAll(place, text);
  }
  await mkdir(folder, { recursive: true });
  const paths = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map(
    (name) => `${name}_temp_path ${join(folder, name)};`,
  );
  const main = [
    "daemon off;",
    "master_process off;",
    `pid ${join(folder, "nginx.pid")};`,
    "events {}",
    `http {\naccess_log off;\n${paths.join("\n")}\n${file}\n}`,
  ];
  await writeFile(join(folder, "nginx.conf"), main.join("\n"));
  const errors = join(folder, "error.log");
  const child = spawn(findNginx()!, ["-p", folder, "-c", join(folder, "nginx.conf"), "-e", errors], {
    stdio: "ignore",
  });
  const ended = once(child, "exit");
  while (!(await isListening(port))) {
    if (child.exitCode !== null) throw new Error(`nginx ended: ${await readFile(errors, "utf8")}`);
  }
  return {
    [Symbol.asyncDispose]: async () => {
      child.kill("SIGTERM");
      await ended;
    },
  };
}

function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("connect", () => socket.end(() => resolve(true)));
    // A breath before the next look.
    socket.once("error", () => setTimeout(() => resolve(false), 20));
  });
}
