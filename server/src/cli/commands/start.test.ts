import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Context } from "../../context.ts";
import { createAccount, prepareSignUp, TestClient, testServer } from "../../testing/index.ts";
import { welcome } from "../welcome.ts";
import { inviteFirst } from "./start.ts";

function terminalOf(isTerminal: boolean) {
  const said: string[] = [];
  return {
    isTerminal,
    said,
    say: (text: string) => void said.push(text),
    complain: (text: string) => void said.push(text),
  };
}

describe("the first invitation", () => {
  it("is shown on a terminal as a ready command, and works", async () => {
    await using test = await testServer();
    const terminal = terminalOf(true);
    await inviteFirst(test.server, terminal);
    const [, url] = /npx excalibur sign-up NAME --invite (\S+)/.exec(terminal.said.join("\n")) ?? [];
    expect(url?.startsWith(`${test.server.origin}/#invite=`)).toBe(true);
    expect(existsSync(join(test.dataFolder, "first-invitation.txt"))).toBe(false);
    const code = new URL(url ?? "").hash.slice("#invite=".length);
    const { body } = await prepareSignUp(new TestClient(test.server.origin), { name: "alice", code });
    expect(body.invite).toBe(code);
  });

  it("names the public address, and is not made once there is an account", async () => {
    await using test = await testServer({ publicUrls: ["https://drive.example.org"] });
    const before = terminalOf(true);
    await inviteFirst(test.server, before);
    expect(before.said.join("")).toContain("--invite https://drive.example.org/#invite=");
    await createAccount(test.server, "alice");
    const after = terminalOf(true);
    await inviteFirst(test.server, after);
    expect(after.said).toEqual([]);
  });

  it("leaves no file behind once there is an account", async () => {
    await using test = await testServer();
    const file = join(test.dataFolder, "first-invitation.txt");
    await inviteFirst(test.server, terminalOf(false));
    expect(existsSync(file)).toBe(true);
    await createAccount(test.server, "alice");
    await inviteFirst(test.server, terminalOf(false));
    expect(existsSync(file)).toBe(false);
  });
});

describe("how the server is reached", () => {
  const lines = (config: { host: string; publicUrls: string[] }) =>
    welcome({
      origin: "http://127.0.0.1:52419",
      metricsUrl: undefined,
      context: { config: { dataFolder: "/d", ...config } } as unknown as Context,
    }).split("\n");

  it("takes three lines that fit how it was started", () => {
    const alone = lines({ host: "127.0.0.1", publicUrls: [] });
    expect(alone).toHaveLength(6);
    expect(alone.join("\n")).toContain("ssh -N -L 52419:127.0.0.1:52419 ");
    expect(alone.join("\n")).toContain("--public-url https://");
    const proxied = lines({ host: "127.0.0.1", publicUrls: ["https://drive.example.org"] });
    expect(proxied.slice(3).join("\n")).toMatch(
      /Phones +open https:\/\/drive\.example\.org\n[\s\S]*Remote machines +use https:\/\/drive\.example\.org/,
    );
    const tls = { fingerprint: "sha256:ab" };
    const own = welcome({
      origin: "https://127.0.0.1:52419",
      metricsUrl: undefined,
      context: {
        tls,
        config: { dataFolder: "/d", host: "192.168.1.5", https: true, publicUrls: [] },
      } as unknown as Context,
    });
    expect(own).toMatch(/Phones +open https:\/\/192\.168\.1\.5:52419/);
    expect(own).toMatch(/Authority +sha256:ab\n +To trust it +fetch https:\/\/192\.168\.1\.5:52419\/authority\.crt/);
    const network = lines({ host: "0.0.0.0", publicUrls: [] });
    expect(network.slice(3).join("\n")).toContain("plain http");
  });
});
