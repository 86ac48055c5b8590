import { once } from "node:events";
import { chmod, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import {
  createServer,
  request as httpRequest,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from "node:http";
import { type AddressInfo, connect, createServer as createTcpServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { runServerCli } from "../cli/program.ts";
import { readSettings } from "../config/settings/index.ts";
import { openDatabase } from "../db/index.ts";
import { type RunningServer, type StartOptions, startServer } from "../index.ts";
import { giveSecrets } from "../testing/prepared-secrets.ts";
import { examine, type Finding } from "./index.ts";
import { checkVersions } from "./machine.ts";

let folder: string;
let data: string;
const ends: (() => unknown)[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "excalibur-test-"));
  data = join(folder, "data");
});

afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
  await rm(folder, { recursive: true, force: true });
});

async function start(options: Partial<StartOptions> = {}): Promise<RunningServer> {
  await giveSecrets(data);
  const server = await startServer({ dataFolder: data, port: 0, ...options });
  ends.push(() => server.close());
  return server;
}

async function init(): Promise<void> {
  await giveSecrets(data);
  await (await startServer({ dataFolder: data, port: 0 })).close();
}

type Flags = Record<string, string | boolean | string[]>;

/** What doctor finds, by check; of several of one check the last. */
async function found(flags: Flags = {}, nowMs = Date.now()): Promise<Record<string, Finding>> {
  const given = new Map(Object.entries({ "--data": data, "--port": "0", ...flags }));
  const { findings } = await examine(readSettings({ flags: given, env: {} }), nowMs);
  return Object.fromEntries(findings.map((finding) => [finding.check, finding]));
}

async function run(...args: string[]) {
  const said: string[] = [];
  const terminal = {
    isTerminal: true,
    say: (text: string) => void said.push(text),
    complain: (text: string) => void said.push(text),
  };
  const exitCode = await runServerCli(["doctor", "--data", data, "--port", "0", ...args], terminal);
  return { exitCode, said };
}

type Meddle = (request: IncomingMessage, reply: ServerResponse) => boolean;

/** A proxy in front of a server, which answers some things itself. */
async function proxy(
  target: string,
  options: { meddle?: Meddle; passesSockets?: boolean; shiftMs?: number } = {},
): Promise<string> {
  const { meddle = () => false, passesSockets = true, shiftMs = 0 } = options;
  const { host, hostname, port } = new URL(target);
  const server: Server = createServer((request, reply) => {
    if (meddle(request, reply)) return;
    const onward = httpRequest({
      host: hostname,
      port,
      method: request.method,
      path: request.url,
      headers: { ...request.headers, host },
    });
    onward.on("response", (answer) => {
      const date = new Date(Date.now() + shiftMs).toUTCString();
      reply.writeHead(answer.statusCode ?? 0, { ...answer.headers, date });
      answer.pipe(reply);
    });
    onward.on("error", () => reply.destroy());
    // Who goes away in the middle of a body leaves no half a request at the server, which would wait for its end.
    reply.on("close", () => onward.destroy());
    request.pipe(onward);
  });
  server.on("upgrade", (request, socket, head) => {
    if (!passesSockets) return socket.end("HTTP/1.1 400 Bad Request\r\n\r\n");
    const onward = connect(Number(port), hostname);
    const headers = Object.entries(request.headers).map(([name, value]) => `${name}: ${String(value)}`);
    onward.write(`GET ${request.url} HTTP/1.1\r\n${headers.join("\r\n")}\r\n\r\n`);
    onward.write(head);
    onward.pipe(socket).pipe(onward);
    for (const each of [onward, socket]) each.on("error", () => undefined);
    return undefined;
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  ends.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

describe("doctor", () => {
  it("finds nothing wrong with a server that was set up, running or not, and changes nothing", async () => {
    await init();
    const { exitCode, said } = await run();
    expect([exitCode, said.filter((line) => !line.startsWith("ok"))]).toEqual([0, []]);
    const server = await start();
    const before = await readFile(join(data, "secrets.json"), "utf8");
    const beside = JSON.parse((await run("--json")).said[0]!) as { status: string; findings: Finding[] };
    expect([beside.status, beside.findings.filter(({ status }) => status !== "ok")]).toEqual(["ok", []]);
    expect(beside.findings.map(({ check }) => check)).toEqual(
      expect.arrayContaining([
        "clock",
        "versions",
        "writable",
        "disk",
        "permissions",
        "secrets",
        "database",
        "data",
        "integrity",
        "clock-data",
        "port",
        "server",
        "tls",
      ]),
    );
    expect(beside.findings.find(({ check }) => check === "port")?.message).toContain(server.origin);
    expect(await readFile(join(data, "secrets.json"), "utf8")).toBe(before);
  });

  it("ends with exit code 1 and advice when something failed, and without data says how to make some", async () => {
    const none = await run();
    expect([none.exitCode, none.said.join()]).toEqual([1, expect.stringContaining("excalibur-server init")]);
    await init();
    await chmod(join(data, "secrets.json"), 0o644);
    const { exitCode, said } = await run();
    expect(exitCode).toBe(1);
    expect(said.join("\n")).toMatch(
      /^failed +permissions +.*secrets\.json .*mode 644\)\n +→ chmod go= .*secrets\.json$/m,
    );
    const json = await run("--json");
    expect([json.exitCode, (JSON.parse(json.said[0]!) as { status: string }).status]).toEqual([1, "failed"]);
  });

  it("knows the oldest Node that will do", () => {
    expect(checkVersions("22.1.0")[0]).toMatchObject({ status: "failed", advice: expect.stringContaining("Node 24") });
    expect(checkVersions("24.0.0")[0]).toMatchObject({ status: "ok" });
  });
});

describe("a wrong clock", () => {
  it("that was never set is noticed without anybody to compare with", async () => {
    await init();
    const { clock, "clock-data": data } = await found({}, Date.UTC(1970, 0, 2));
    expect(clock).toMatchObject({ status: "failed", advice: expect.stringContaining("timedatectl") });
    expect(data).toMatchObject({ status: "failed", message: expect.stringContaining("later than it is now") });
  });

  it("that went back is noticed by what was written down before", async () => {
    await init();
    expect((await found({}, Date.now() - 3_600_000))["clock-data"]).toMatchObject({ status: "failed" });
    expect((await found({}, Date.now() - 10_000))["clock-data"]).toMatchObject({ status: "ok" });
  });

  it.each([
    [0, "ok"],
    [-30_000, "warning"],
    [30_000, "warning"],
    [7_200_000, "failed"],
  ])("of %d ms beside a public address is %s", async (shiftMs, status) => {
    const server = await start();
    const url = await proxy(server.origin, { shiftMs });
    expect((await found({ "--public-url": url }))["clock-others"]).toMatchObject({ status });
  });
});

describe("the data folder", () => {
  it("without its secrets is told before a start makes new ones", async () => {
    await init();
    await rm(join(data, "secrets.json"));
    expect((await found())["secrets"]).toMatchObject({
      status: "failed",
      advice: expect.stringContaining("from a backup"),
    });
    await expect(stat(join(data, "secrets.json"))).rejects.toThrow();
  });

  it("without a database, or with a damaged or newer one, says so", async () => {
    await init();
    const file = join(data, "excalibur.sqlite");
    const database = await openDatabase({ sqliteFile: file });
    await database.write((tx) =>
      tx.insertInto("migrations").values({ number: 999, name: "future", applied_ms: 1 }).execute(),
    );
    await database.close();
    expect((await found())["database"]).toMatchObject({
      status: "failed",
      message: expect.stringContaining("newer Excalibur"),
    });
    const bytes = await readFile(file);
    bytes.fill(0xa5, 8192, 8192 + 8192);
    await writeFile(file, bytes);
    expect((await found())["integrity"]).toMatchObject({ status: "failed", advice: expect.stringContaining("backup") });
    await rm(file);
    expect((await found())["database"]).toMatchObject({ status: "failed" });
  });

  it("that others can look into is told with what to type", async () => {
    await init();
    for (const [path, mode] of [
      [data, 0o755],
      [join(data, "secrets.json"), 0o640],
    ] as const) {
      const before = (await stat(path)).mode;
      await chmod(path, mode);
      expect((await found())["permissions"]).toMatchObject({ status: "failed", advice: `chmod go= ${path}` });
      await chmod(path, before);
    }
    const settings = join(data, "excalibur.toml");
    await writeFile(settings, "port = 0\n", { mode: 0o644 });
    expect((await found())["permissions"]).toMatchObject({ status: "ok" });
    await writeFile(settings, 'database_url = "postgres://u:secret@127.0.0.1:1/x"\n');
    const { permissions, database } = await found();
    expect(permissions).toMatchObject({ status: "failed", message: expect.stringContaining("password of a database") });
    expect(database).toMatchObject({ status: "failed", message: expect.stringContaining("does not answer") });
    expect(JSON.stringify(await found())).not.toContain("secret@");
  });

  // Root may write everywhere: there is nothing to see for it.
  if (process.getuid?.() !== 0) {
    it("that cannot be written says so", async () => {
      await init();
      await chmod(data, 0o500);
      expect((await found())["writable"]).toMatchObject({
        status: "failed",
        message: expect.stringContaining("EACCES"),
      });
      await chmod(data, 0o700);
    });
  }

  it("on a disk that takes nothing says so", async () => {
    await init();
    // What lies in the way stands for whatever the system says no with.
    await writeFile(join(data, `.doctor-${process.pid}`), "");
    expect((await found())["writable"]).toMatchObject({ status: "failed", message: expect.stringContaining("EEXIST") });
  });
});

describe("how it is reached", () => {
  it("a port that another program has is told before the start fails", async () => {
    await init();
    const other = createTcpServer().listen(0, "127.0.0.1");
    await once(other, "listening");
    ends.push(() => other.close());
    const { port } = other.address() as AddressInfo;
    expect((await found({ "--port": String(port) }))["port"]).toMatchObject({
      status: "failed",
      message: expect.stringContaining("EADDRINUSE"),
    });
    expect((await found({ "--host": "192.0.2.77" }))["port"]).toMatchObject({ status: "failed" });
  });

  it("a proxy that passes everything is praised", async () => {
    const server = await start();
    const url = await proxy(server.origin);
    const seen = await found({ "--public-url": url });
    for (const check of ["proxy", "proxy-size", "proxy-websocket", "clock-others"])
      expect([check, seen[check]?.status]).toEqual([check, "ok"]);
  });

  it("a proxy that takes no large bodies and passes no WebSockets is told by both", async () => {
    const server = await start();
    const meddle: Meddle = (request, reply) => {
      if (request.method !== "PUT") return false;
      reply.writeHead(413, { "content-type": "text/html", connection: "close" }).end("<h1>413</h1>");
      return true;
    };
    const url = await proxy(server.origin, { meddle, passesSockets: false });
    const seen = await found({ "--public-url": url });
    expect(seen["proxy"]).toMatchObject({ status: "ok" });
    expect(seen["proxy-size"]).toMatchObject({
      status: "failed",
      advice: expect.stringContaining("client_max_body_size 40m"),
    });
    expect(seen["proxy-websocket"]).toMatchObject({ status: "failed", advice: expect.stringContaining("Upgrade") });
  });

  it("an address that leads to another server, to nobody, or to a proxy without one is told apart", async () => {
    const server = await start();
    await using other = await startServer({ dataFolder: join(folder, "other"), port: 0 });
    expect((await found({ "--public-url": other.origin }))["proxy"]).toMatchObject({
      status: "failed",
      message: expect.stringContaining("something else"),
    });
    const lost = await proxy(server.origin, { meddle: (_request, reply) => Boolean(reply.writeHead(502).end()) });
    expect((await found({ "--public-url": lost }))["proxy"]).toMatchObject({
      status: "failed",
      message: expect.stringContaining("does not reach the server"),
    });
    expect((await found({ "--public-url": "http://127.0.0.1:1" }))["proxy"]).toMatchObject({
      status: "failed",
      message: expect.stringContaining("ECONNREFUSED"),
    });
    await server.close();
    expect((await found({ "--public-url": other.origin }))["proxy"]).toMatchObject({
      status: "warning",
      message: expect.stringContaining("no server runs"),
    });
  });

  it("plain http to a network is warned of, and a certificate of its own is looked at", async () => {
    await init();
    expect((await found({ "--host": "0.0.0.0", "--insecure-http": true }))["tls"]).toMatchObject({ status: "warning" });
    const https = { "--https": true, "--host": "127.0.0.1" };
    expect((await found(https))["tls"]).toMatchObject({
      status: "ok",
      message: expect.stringContaining("first start"),
    });
    const server = await start({ https: true });
    expect(await found(https)).toMatchObject({
      tls: { status: "ok" },
      port: { status: "ok", message: expect.stringContaining(server.origin) },
      server: { status: "ok" },
    });
    expect((await found(https, Date.now() + 400 * 86_400_000))["tls"]).toMatchObject({
      status: "warning",
      advice: expect.stringContaining("renewed within a minute"),
    });
    await rm(join(data, "tls", "server.pem"));
    expect((await found(https))["tls"]).toMatchObject({ status: "failed" });
    const seen = await found({ ...https, "--public-url": server.origin });
    expect(seen["tls-public"]).toMatchObject({ status: "warning", message: expect.stringContaining("does not trust") });
    expect(
      (await found({ ...https, "--public-url": server.origin }, Date.now() + 400 * 86_400_000))["tls-public"],
    ).toMatchObject({ status: "failed", message: expect.stringContaining("expired") });
  });
});
