import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { runCli } from "../src/world/run-cli.ts";

const MAIN = path.resolve(import.meta.dirname, "../src/dev/main.ts");

function startDev(args: readonly string[]) {
  const child = spawn(process.execPath, [MAIN, "--port", "0", ...args], { stdio: ["ignore", "pipe", "pipe"] });
  onTestFinished(() => void child.kill("SIGTERM"));
  let printed = "";
  const looks = new Set<() => void>();
  const heard = (text: Buffer): void => {
    printed += text.toString();
    for (const look of looks) look();
  };
  child.stdout.on("data", heard);
  child.stderr.on("data", heard);
  const ended = once(child, "close");
  /** Resolves with what the expression's group found, so often as it stands there. */
  const until = (text: RegExp, times = 1): Promise<string> =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        const matches = [...printed.matchAll(new RegExp(text, "g"))];
        if (matches.length < times) return;
        looks.delete(look);
        resolve(matches[times - 1]?.[1] ?? "");
      };
      looks.add(look);
      look();
      void ended.then(() => reject(new Error(`It ended without saying ${text}:\n${printed}`)));
    });
  return { child, until, ended, printed: () => printed };
}

async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), "excalibur-dev-test-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  return folder;
}

it("npm run dev gives a world of people and files, restarts its server when sources change, and leaves nothing", async () => {
  const [sources, homes] = [await temporaryFolder(), await temporaryFolder()];
  const dev = startDev(["--watch", sources]);
  await dev.until(/Ready\./);
  const origin = await dev.until(/Address +(\S+)/);
  const home = await dev.until(/EXCALIBUR_HOME=(\S+amara)/);
  const data = await dev.until(/Data folder +(\S+)/);

  const listing = await runCli(home, ["ls", "-R", "/"]);
  for (const name of ["Καλοκαίρι/", "日本語/", "עברית/", "العربية/", "हिन्दी/", "diary.md"])
    expect(listing.stdout).toContain(name);
  const diary = await runCli(home, ["stat", "--json", "/diary.md"]);
  expect((JSON.parse(diary.stdout) as { versions: unknown[] }).versions).toHaveLength(2);
  const trash = await runCli(home, ["trash", "ls", "--json"]);
  expect((JSON.parse(trash.stdout) as { entries: unknown[] }).entries).toHaveLength(1);

  // What is printed is enough to come in from elsewhere, and to make one more account.
  const elsewhere = path.join(homes, "elsewhere");
  const password = await dev.until(/bogdan +password +(.+)/);
  const signIn = ["sign-in", "bogdan", "--server", origin, "--password-stdin"];
  expect(await runCli(elsewhere, signIn, { stdin: `${password}\n` })).toMatchObject({ exitCode: 0 });
  const invitation = await dev.until(/sign-up NAME --invite (\S+)/);
  const signUp = ["sign-up", "dora", "--invite", invitation, "--password-stdin"];
  const made = await runCli(path.join(homes, "dora"), signUp, { stdin: "a password of dora\n" });
  expect(made).toMatchObject({ exitCode: 0 });

  await writeFile(path.join(sources, "some-source.ts"), "changed");
  expect(await dev.until(/runs again at (\S+?)\.\n/)).toBe(origin);
  expect(await runCli(home, ["mkdir", "/after the restart"])).toMatchObject({ exitCode: 0 });

  dev.child.kill("SIGINT");
  expect(await dev.ended).toEqual([0, null]);
  expect(existsSync(path.dirname(data))).toBe(false);
  await expect(fetch(origin)).rejects.toThrow();
}, 300_000);

it("npm run dev ends cleanly while it is still making its world", async () => {
  const dev = startDev([]);
  await dev.until(/amara signed up/);
  dev.child.kill("SIGINT");
  expect(await dev.ended).toEqual([0, null]);
  expect(dev.printed()).not.toContain("Ready.");
}, 300_000);

it("npm run dev refuses what is no port", async () => {
  const dev = startDev(["--port", "x"]);
  expect(await dev.ended).toEqual([2, null]);
});
