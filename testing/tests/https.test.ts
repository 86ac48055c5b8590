import { mkdtemp, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { request } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { connect } from "node:tls";
import { type RunningServer, startServer } from "@excalibur/server";
import { nodeSocket, ServerTrust } from "excalibur/platform";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runExcalibur } from "../../cli/src/program.ts";
import { askingTerminal, Device } from "../src/index.ts";
import { runCli, runCliProgram } from "../src/world/run-cli.ts";

const DAY_MS = 86_400_000;
const PASSWORD = "typed into a terminal\n";

let folder: string;
let server: RunningServer;
let port = 0;
/** How wrong the server's clock is. */
let offsetMs = 0;

async function start(): Promise<void> {
  const dataFolder = join(folder, "data");
  server = await startServer({ dataFolder, https: true, port, signUp: "open", clock: () => Date.now() + offsetMs });
  port = Number(new URL(server.origin).port);
}

const home = (name: string) => join(folder, name);
const fingerprint = () => server.context.tls!.fingerprint;
const signUp = (name: string, ...flags: string[]) => {
  const words = ["--recovery-file", join(folder, `${name}-words.txt`)];
  const args = ["sign-up", name, "--server", server.origin, "--json", "--password-stdin", ...words, ...flags];
  return runCli(home(name), args, { stdin: PASSWORD });
};
const codeOf = ({ stderr }: { stderr: string }) => (JSON.parse(stderr) as { error: { code: string } }).error.code;

/** What the server shows to somebody who believes everything. */
function look(path: string): Promise<{ certificate: string; body: string; type: string | undefined }> {
  return new Promise((resolve, reject) => {
    const asking = request(`${server.origin}${path}`, { agent: false, rejectUnauthorized: false }, (reply) => {
      const { fingerprint256 } = (reply.socket as ReturnType<typeof connect>).getPeerCertificate();
      let body = "";
      reply.on("data", (chunk) => (body += chunk));
      reply.on("end", () => resolve({ certificate: fingerprint256, body, type: reply.headers["content-type"] }));
    });
    asking.on("error", reject);
    asking.end();
  });
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "excalibur-test-"));
  await start();
});

afterAll(async () => {
  await server?.close();
  await rm(folder, { recursive: true, force: true });
});

describe("a server with a certificate of its own", () => {
  it("hands out its authority, and nothing of its keys", async () => {
    const { body, type } = await look("/authority.crt");
    expect([body, type]).toEqual([server.context.tls?.authorityPem, "application/x-x509-ca-cert"]);
    expect(server.origin).toBe(`https://127.0.0.1:${port}`);
  });

  it("is not spoken to before its fingerprint was compared", async () => {
    const refused = await signUp("alice");
    expect([refused.exitCode, codeOf(refused)]).toEqual([1, "untrusted_server"]);
    expect(refused.stderr).toContain(fingerprint());
    const mistaken = await signUp("alice", "--pin", `sha256:${"0".repeat(64)}`);
    expect([mistaken.exitCode, codeOf(mistaken)]).toEqual([1, "pin_mismatch"]);
    const other = join(folder, "other.crt");
    await writeFile(other, (await look("/authority.crt")).body.slice(0, 100));
    expect(codeOf(await signUp("alice", "--ca", other))).toBe("bad_certificate");
    expect((await signUp("alice", "--pin", "sha256:12")).exitCode).toBe(2);
    expect(await server.context.services.accounts.exist()).toBe(false);
  });

  it.each([
    ["n", { exitCode: 130, isKept: false }],
    ["y", { exitCode: 0, isKept: true }],
  ])("asks on a terminal, and takes %s for an answer", async (answer, { exitCode, isKept }) => {
    const env = { EXCALIBUR_HOME: home(`asked-${answer}`) };
    const { terminal, said } = askingTerminal({ when: /\bNo\b/, answer });
    expect(await runExcalibur(["trust", server.origin], terminal, new AbortController().signal, env)).toBe(exitCode);
    expect(said.join("\n")).toContain(fingerprint());
    const trust = await ServerTrust.open(join(home(`asked-${answer}`), "trusted-servers.json"));
    expect(trust.anchorOf(server.origin) !== undefined).toBe(isKept);
  });

  it("is used by who named its fingerprint, its authority's file, or trusted it before", async () => {
    const colons = fingerprint().replace("sha256:", "").toUpperCase().match(/../g)!.join(":");
    expect(await signUp("alice", "--pin", `SHA256:${colons}`)).toMatchObject({ exitCode: 0 });
    const ca = join(folder, "data", "tls", "authority.crt");
    expect(await signUp("bob", "--ca", ca)).toMatchObject({ exitCode: 0 });
    expect((await stat(join(home("bob"), "trusted-servers.json"))).mode & 0o777).toBe(0o600);
    await writeFile(join(folder, "hello.txt"), "hello");
    expect(await runCliProgram(home("bob"), ["put", join(folder, "hello.txt"), "/"])).toMatchObject({ exitCode: 0 });
    expect(await runCli(home("bob"), ["cat", "/hello.txt"])).toMatchObject({ exitCode: 0, stdout: "hello" });
    const looked = await runCli(home("carol"), ["trust", server.origin, "--pin", fingerprint(), "--json"]);
    expect(JSON.parse(looked.stdout)).toEqual({ server: server.origin, trusted: "kept", fingerprint: fingerprint() });
    expect(await signUp("carol")).toMatchObject({ exitCode: 0 });
  }, 60_000);

  it("carries announcements under the same trust, and only under it", async () => {
    await using device = await Device.switchOn({ home: home("alice"), server: server.origin });
    const { events } = await device.account;
    const first = await new Promise((resolve) => events.subscribe(resolve));
    expect(first).toEqual({ type: "resync" });
    events.close();
    const address = `${server.origin.replace("http", "ws")}/api/realtime`;
    const stranger = nodeSocket(ServerTrust.ofSystem());
    const reason = await new Promise((onClose) => stranger.open(address, { onMessage: () => undefined, onClose }));
    expect(reason).toBe("the connection failed");
  });

  it("replaces a certificate that ran out, without a restart and without anybody's doing", async () => {
    await server.close();
    // A clock that was never set: what the server issues has long expired for everybody else.
    offsetMs = -300 * DAY_MS;
    await rm(join(folder, "data", "tls", "server.pem"));
    await start();
    const before = await look("/authority.crt");
    const late = await runCli(home("bob"), ["ls", "/", "--json"]);
    expect([late.exitCode, codeOf(late)]).toEqual([1, "network"]);
    expect(late.stderr).toContain("certificate has expired");
    offsetMs = 0;
    expect(await server.renewCertificate()).toBe(true);
    expect(await server.renewCertificate()).toBe(false);
    const after = await look("/authority.crt");
    expect(after.certificate).not.toBe(before.certificate);
    expect(after.body).toBe(before.body);
    expect(await runCli(home("bob"), ["cat", "/hello.txt"])).toMatchObject({ exitCode: 0, stdout: "hello" });
  }, 60_000);

  it("with another authority is refused by everybody who knew it, until they compared fingerprints again", async () => {
    await server.close();
    const old = fingerprint();
    await rename(join(folder, "data", "tls"), join(folder, "old-tls"));
    await start();
    for (const command of [
      ["ls", "/"],
      ["cat", "/hello.txt"],
      ["put", join(folder, "hello.txt"), "/x/"],
    ]) {
      const refused = await runCli(home("bob"), [...command, "--json"]);
      expect([command, refused.exitCode, codeOf(refused)]).toEqual([command, 1, "server_changed"]);
      expect(refused.stderr).toContain(old);
    }
    const unseen = await runCli(home("bob"), ["trust", server.origin, "--json"]);
    expect([unseen.exitCode, codeOf(unseen)]).toEqual([1, "untrusted_server"]);
    expect(unseen.stderr).toContain(fingerprint());
    expect(await runCli(home("bob"), ["trust", server.origin, "--pin", fingerprint()])).toMatchObject({ exitCode: 0 });
    expect(await runCli(home("bob"), ["cat", "/hello.txt"])).toMatchObject({ exitCode: 0, stdout: "hello" });
    expect(await readFile(join(home("bob"), "trusted-servers.json"), "utf8")).not.toContain(old);
    expect(await runCli(home("bob"), ["trust", server.origin, "--forget"])).toMatchObject({ exitCode: 0 });
    expect(codeOf(await runCli(home("bob"), ["ls", "/", "--json"]))).toBe("untrusted_server");
  }, 60_000);
});
