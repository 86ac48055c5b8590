import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { copyFileSync, existsSync, linkSync, mkdirSync, readdirSync, statSync } from "node:fs";
import { cp, mkdir, mkdtemp, readFile, rm, stat, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { commandOf, copiesOf, environmentOf, lastStage, parseDockerfile } from "./dockerfile.ts";

const ROOT = resolve(import.meta.dirname, "../..");
const CAN_LINK = statSync(ROOT).dev === statSync(tmpdir()).dev;
const read = (path: string) => readFile(join(ROOT, path), "utf8");

interface Locked {
  readonly dev?: boolean;
  readonly optional?: boolean;
  readonly devOptional?: boolean;
  readonly link?: boolean;
  readonly resolved?: string;
}

const instructions = parseDockerfile(await read("Dockerfile"));
const image = lastStage(instructions);

let tree: string;
beforeAll(async () => {
  tree = await mkdtemp(join(tmpdir(), "excalibur-image-"));
});
afterAll(() => rm(tree, { recursive: true, force: true }));

/** The same files in another folder: linked where that can be, which takes a tenth of the time. Nobody writes into them. */
function linkTree(from: string, to: string): void {
  mkdirSync(to, { recursive: true });
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    // Packages inside of packages have places of their own in the lockfile.
    if (entry.name === "node_modules") continue;
    if (entry.isDirectory()) linkTree(source, target);
    else if (CAN_LINK) linkSync(source, target);
    else copyFileSync(source, target);
  }
}

/** What `npm ci --omit=optional --omit=dev` leaves, put together without a network. */
async function copyPackages(): Promise<void> {
  const { packages } = JSON.parse(await read("package-lock.json")) as { packages: Record<string, Locked> };
  for (const [path, locked] of Object.entries(packages)) {
    if (!path.startsWith("node_modules/") || locked.dev || locked.optional || locked.devOptional) continue;
    const to = join(tree, path);
    await mkdir(dirname(to), { recursive: true });
    if (locked.link) await symlink(join(tree, locked.resolved!), to);
    else linkTree(join(ROOT, path), to);
  }
}

async function copySources(): Promise<void> {
  const isLeftOut = (path: string) => /\/node_modules(\/|$)|\.test\.ts$/.test(path.slice(ROOT.length));
  for (const { from, to } of copiesOf(image)) {
    for (const path of from) {
      const isFolder = (await stat(join(ROOT, path))).isDirectory();
      const place = isFolder ? join(tree, to) : join(tree, to, path.slice(path.lastIndexOf("/") + 1));
      await cp(join(ROOT, path), place, { recursive: true, filter: (source) => !isLeftOut(source) });
    }
  }
}

describe("the Dockerfile", () => {
  it("takes the Node that everything is tested with, and does not run as root", async () => {
    const { optionalDependencies } = JSON.parse(await read("package.json")) as {
      optionalDependencies: Record<string, string>;
    };
    expect(new Set(Object.values(optionalDependencies))).toEqual(
      new Set([instructions.find(({ name }) => name === "ARG")?.rest.replace("NODE=", "")]),
    );
    expect(image.findLast(({ name }) => name === "USER")?.rest).toBe("node");
    expect(instructions.filter(({ name }) => name === "RUN").map(({ rest }) => rest)).toContain(
      "npm ci --omit=optional --omit=dev",
    );
  });

  it("copies what is there and what .dockerignore lets through, with every workspace of the lockfile", async () => {
    const allowed = (await read(".dockerignore"))
      .split("\n")
      .filter((line) => line.startsWith("!"))
      .map((line) => line.slice(1));
    const copied = copiesOf(instructions).flatMap(({ from }) => from);
    for (const path of copied) {
      expect([path, existsSync(join(ROOT, path))]).toEqual([path, true]);
      expect([path, allowed.some((entry) => path === entry || path.startsWith(`${entry}/`))]).toEqual([path, true]);
    }
    const { workspaces } = JSON.parse(await read("package.json")) as { workspaces: string[] };
    for (const workspace of workspaces) expect(copied).toContain(`${workspace}/package.json`);
  });

  it("makes a tree that starts as given, is healthy as asked, and stops when told", async () => {
    await copyPackages();
    await copySources();
    expect(existsSync(join(tree, "node_modules", "vitest"))).toBe(false);
    const [node, ...args] = commandOf(image, "CMD");
    expect(node).toBe("node");
    const here = { EXCALIBUR_DATA: join(tree, "data"), EXCALIBUR_PORT: "0", EXCALIBUR_HOST: "127.0.0.1" };
    const env = { PATH: process.env["PATH"], ...environmentOf(image), ...here };
    const child = spawn(process.execPath, args, { cwd: tree, env });
    try {
      const port = await portOf(child);
      const [, ...check] = commandOf(image, "HEALTHCHECK");
      const isHealthy = (of: string) =>
        spawnSync(process.execPath, check, { env: { EXCALIBUR_PORT: of } }).status === 0;
      expect(isHealthy(port)).toBe(true);
      child.kill("SIGTERM");
      expect(await once(child, "exit")).toEqual([0, null]);
      expect(isHealthy(port)).toBe(false);
    } finally {
      if (child.exitCode === null) child.kill("SIGKILL");
    }
  });
});

async function portOf(child: ChildProcess): Promise<string> {
  let said = "";
  return new Promise((resolve, reject) => {
    const listen = (chunk: Buffer) => {
      said += chunk.toString();
      const port = /Address +http:\/\/127\.0\.0\.1:(\d+)/.exec(said)?.[1];
      if (port !== undefined) resolve(port);
    };
    child.stdout?.on("data", listen);
    child.stderr?.on("data", listen);
    child.once("exit", () => reject(new Error(`It ended after saying: ${said}`)));
  });
}

describe("compose.yaml", () => {
  it("names what the image has: its port, its volume, its Dockerfile; and asks for the address", async () => {
    const text = await read("compose.yaml");
    const { EXCALIBUR_PORT: port, EXCALIBUR_DATA: data } = environmentOf(image);
    expect(text).toContain(`"127.0.0.1:${port}:${port}"`);
    const volume = image.find(({ name }) => name === "VOLUME")?.rest;
    expect(text).toContain(`data:${volume}\n`);
    expect(data?.startsWith(`${volume}/`)).toBe(true);
    expect(text).toMatch(/^ {4}build: \.$/m);
    expect(text).toMatch(/EXCALIBUR_PUBLIC_URL: \$\{EXCALIBUR_PUBLIC_URL:\?/);
  });
});
