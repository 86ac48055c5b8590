import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const MAIN = resolve(import.meta.dirname, "main.ts");

let folder: string;
const children: ChildProcess[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "excalibur-test-"));
});
afterAll(async () => {
  for (const child of children) child.kill("SIGKILL");
  await rm(folder, { recursive: true, force: true });
});

/** Runs `excalibur-server start` as its own process, without a terminal. */
function start(...args: string[]) {
  const child = spawn(process.execPath, [MAIN, "start", "--port", "0", "--data", join(folder, "data"), ...args], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, EXCALIBUR_LOG_LEVEL: "info" },
  });
  children.push(child);
  let said = "";
  let logged = "";
  child.stderr.on("data", (chunk: Buffer) => {
    logged += chunk.toString();
  });
  const waitFor = (text: RegExp) =>
    new Promise<string>((done, fail) => {
      const look = () => {
        const match = text.exec(said);
        if (match) done(match[1] ?? match[0]);
      };
      child.stdout.on("data", (chunk: Buffer) => {
        said += chunk.toString();
        look();
      });
      child.once("exit", () => fail(new Error(`ended without saying ${text}:\n${said}${logged}`)));
    });
  return { child, waitFor, said: () => said, logged: () => logged, ended: once(child, "exit") };
}

describe("excalibur-server start", () => {
  it("says where its data and its door are, keeps the first invitation out of the output, and stops when told", async () => {
    const server = start();
    const invitationFile = await server.waitFor(/stands in (\S+)/);
    const origin = /Address +(\S+)/.exec(server.said())?.[1] ?? "";
    expect(server.said()).toContain(`Data folder       ${join(folder, "data")}`);
    expect(server.said()).toMatch(/Phones .*\n.*Other computers .*\n.*Remote machines /);

    const page = await fetch(`${origin}/`);
    // The web client where it is built, else the page without it: either says what to do without a browser.
    expect(page.headers.get("content-security-policy")).toMatch(/^default-src 'none'; /);
    expect(await page.text()).toContain("npx excalibur sign-");

    const invitation = await readFile(invitationFile, "utf8");
    for (const name of await readdir(join(folder, "data"), { recursive: true })) {
      expect([name, (await stat(join(folder, "data", name))).mode & 0o077]).toEqual([name, 0]);
    }
    const [, url] = /npx excalibur sign-up NAME --invite (\S+)/.exec(invitation) ?? [];
    const code = new URL(url ?? "").hash.replace("#invite=", "");
    expect(url).toBe(`${origin}/#invite=${code}`);
    expect(server.said() + server.logged()).not.toContain(code);

    const again = start();
    await again.waitFor(new RegExp(`already running on .*${origin}`));
    expect(await again.ended).toEqual([0, null]);

    server.child.kill("SIGTERM");
    expect(await server.ended).toEqual([0, null]);
    expect(server.logged()).toContain('"msg":"stopping"');
  });

  it("replaces an unused first invitation when it starts again", async () => {
    const before = await readFile(join(folder, "data", "first-invitation.txt"), "utf8");
    const server = start();
    await server.waitFor(/stands in (\S+)/);
    const after = await readFile(join(folder, "data", "first-invitation.txt"), "utf8");
    expect(after).not.toBe(before);
    server.child.kill("SIGINT");
    expect(await server.ended).toEqual([0, null]);
  });

  it("ends well when it is told twice, as a supervisor tells it and the launcher passes it on", async () => {
    const server = start();
    await server.waitFor(/stands in (\S+)/);
    server.child.kill("SIGTERM");
    server.child.kill("SIGTERM");
    server.child.kill("SIGHUP");
    expect(await server.ended).toEqual([0, null]);
    await expect(stat(join(folder, "data", "running.json"))).rejects.toThrow("ENOENT");
  });

  it("logs neither names nor addresses, headers or bodies", async () => {
    const server = start("--sign-up", "open");
    const origin = await server.waitFor(/Address +(\S+)/);
    await fetch(`${origin}/api/sign-in/start?canary=1`, {
      method: "POST",
      headers: { "content-type": "application/json", "x-canary": "canary", "signature-input": "canary" },
      body: JSON.stringify({ name: "canary", loginRequest: "canary" }),
    });
    server.child.kill("SIGTERM");
    await server.ended;
    expect(server.logged()).toContain('"route":"signInStart"');
    expect(server.said() + server.logged()).not.toContain("canary");
    expect(server.logged()).not.toContain("127.0.0.1");
  });
});
