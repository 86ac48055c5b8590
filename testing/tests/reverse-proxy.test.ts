import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { LIMITS, ROUTES } from "@excalibur/core/protocol";
import { type RunningServer, startServer } from "@excalibur/server";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createAuthority, issueCertificate } from "../../server/src/tls/issue.ts";
import { keyFromPem, x509 } from "../../server/src/tls/x509.ts";
import { Device, sampleBytes } from "../src/index.ts";
import { documentedNginxFile, findNginx, freePort, runNginx } from "../src/world/nginx.ts";
import { runCli } from "../src/world/run-cli.ts";

const PASSWORD = "typed into a terminal\n";

let folder: string;
let server: RunningServer;
let port: number;
let origin: string;

/** What Let's Encrypt does for people who have a name. */
async function makeCertificate(): Promise<void> {
  const made = await createAuthority({ dnsNames: ["localhost"], label: "a test" });
  const authority = { certificate: new x509.X509Certificate(made.certificatePem), key: await keyFromPem(made.keyPem) };
  const { certificatePem, keyPem } = await issueCertificate(authority, { names: ["localhost"], nowMs: Date.now() });
  await writeFile(join(folder, "ca.pem"), made.certificatePem);
  await writeFile(join(folder, "fullchain.pem"), `${certificatePem}\n${made.certificatePem}`);
  await writeFile(join(folder, "privkey.pem"), keyPem);
}

const run = (places: Record<string, string> = {}) =>
  runNginx({
    folder: join(folder, "nginx"),
    port,
    places: {
      "listen 443 ssl": `listen 127.0.0.1:${port} ssl`,
      "    listen [::]:443 ssl;\n": "",
      "server_name drive.example.org": "server_name localhost",
      "/etc/letsencrypt/live/drive.example.org": folder,
      "127.0.0.1:52419": new URL(server.origin).host,
      ...places,
    },
  });

const cli = (args: string[], stdin?: string) =>
  runCli(join(folder, "home"), args, stdin === undefined ? {} : { stdin });

describe("the documented nginx file", () => {
  it("takes the largest request there is", async () => {
    const [, mebibytes] = /client_max_body_size (\d+)m;/.exec(await documentedNginxFile()) ?? [];
    const largest = Math.max(...ROUTES.map(({ bodyLimitBytes }) => bodyLimitBytes ?? LIMITS.jsonBodyBytes));
    expect(Number(mebibytes) * 1024 * 1024).toBeGreaterThanOrEqual(largest);
  });
});

describe.skipIf(findNginx() === undefined)("through nginx (install it, or name it with EXCALIBUR_NGINX)", () => {
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "excalibur-test-"));
    await makeCertificate();
    port = await freePort();
    origin = `https://localhost:${port}`;
    const dataFolder = join(folder, "data");
    server = await startServer({ dataFolder, port: 0, publicUrls: [origin], signUp: "open" });
  });

  afterAll(async () => {
    await server?.close();
    await rm(folder, { recursive: true, force: true });
  });

  it("people sign up, store files large and small, read parts of them, and hear of changes", async () => {
    await using _ = await run();
    const words = join(folder, "words.txt");
    const signUp = ["sign-up", "alice", "--server", origin, "--ca", join(folder, "ca.pem"), "--password-stdin"];
    expect(await cli([...signUp, "--recovery-file", words], PASSWORD)).toMatchObject({ exitCode: 0 });

    const large = sampleBytes(9 * 1024 * 1024 + 17, 1);
    await writeFile(join(folder, "large.bin"), large);
    const small = Array.from({ length: 120 }, (_each, index) => join(folder, `small-${index}.txt`));
    for (const path of small) await writeFile(path, `the content of ${path}`);
    expect(await cli(["put", join(folder, "large.bin"), ...small, "/"])).toMatchObject({ exitCode: 0 });

    expect(await cli(["get", "/large.bin", join(folder, "nginx")])).toMatchObject({ exitCode: 0 });
    expect((await readFile(join(folder, "nginx", "large.bin"))).equals(large)).toBe(true);
    const range = await cli(["cat", "/small-7.txt", "--range", "4-10"]);
    expect(range).toMatchObject({ exitCode: 0, stdout: "content" });
    expect(await cli(["verify"])).toMatchObject({ exitCode: 0 });

    await using device = await Device.switchOn({ home: join(folder, "home"), server: origin });
    const heard: string[] = [];
    const { events } = await device.account;
    await new Promise<void>((resolve) => {
      events.subscribe((event) => {
        heard.push(event.type);
        if (event.type === "resync") void device.makeFolder("/new");
        if (event.type === "commit") resolve();
      });
    });
    expect(heard).toEqual(["resync", "commit"]);
    events.close();
  }, 90_000);

  it("somebody who forgot the size of requests is told what to change", async () => {
    await using _ = await run({ "client_max_body_size 40m": "client_max_body_size 1m" });
    await writeFile(join(folder, "other.bin"), sampleBytes(5 * 1024 * 1024, 2));
    const { exitCode, stdout, stderr } = await cli(["put", join(folder, "other.bin"), "/", "--json"]);
    expect(exitCode).toBe(1);
    expect(stdout + stderr).toContain('"code":"gateway"');
    expect(stdout + stderr).toContain("client_max_body_size 40m");
  }, 90_000);

  it("a server that does not run is told from a wrong address", async () => {
    await using _ = await run({ "keepalive 16;": "", [new URL(server.origin).host]: `127.0.0.1:${await freePort()}` });
    const { exitCode, stderr } = await cli(["ls", "/", "--json"]);
    expect([exitCode, stderr]).toEqual([1, expect.stringContaining("the reverse proxy does not reach the server")]);
  }, 90_000);
});
