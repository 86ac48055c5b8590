import { mkdtemp, readdir, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { LocalStateError } from "@excalibur/sdk/ports";
import { describe, expect, it } from "vitest";
import { FileSecretStore } from "./file-secret-store.ts";
import { excaliburHome } from "./home.ts";
import { systemClock } from "./system-clock.ts";

describe("the home folder", () => {
  it.each<[string, Record<string, string>, string, RegExp]>([
    ["what was chosen", { EXCALIBUR_HOME: "/tmp/x", XDG_CONFIG_HOME: "/y" }, "linux", /^\/tmp\/x$/],
    ["XDG's", { XDG_CONFIG_HOME: "/y" }, "linux", /^\/y\/excalibur$/],
    ["not XDG's when that is relative", { XDG_CONFIG_HOME: "y" }, "linux", /\/\.config\/excalibur$/],
    ["the usual one of Linux", {}, "linux", /\/\.config\/excalibur$/],
    ["the usual one of macOS", {}, "darwin", /Library\/Application Support\/Excalibur$/],
    ["the usual one of Windows", { APPDATA: "C:\\A" }, "win32", /Excalibur$/],
  ])("is %s", (_, env, platform, expected) => {
    expect(excaliburHome(env, platform)).toMatch(expected);
  });
});

describe("the secret of the device", () => {
  it("is kept in one file that nobody else reads, replaced as a whole", async () => {
    const folder = await mkdtemp(join(tmpdir(), "excalibur-secret-"));
    const path = join(folder, "home", "device-secret");
    const store = new FileSecretStore(path);
    await expect(store.load()).resolves.toBeUndefined();
    await store.save(Uint8Array.of(1));
    await store.save(Uint8Array.of(2, 3));
    await expect(new FileSecretStore(path).load()).resolves.toEqual(Uint8Array.of(2, 3));
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    await expect(readdir(join(folder, "home"))).resolves.toEqual(["device-secret"]);
    await store.clear();
    await store.clear();
    await expect(store.load()).resolves.toBeUndefined();
    await expect(store.describe()).resolves.toContain(path);
    await rm(folder, { recursive: true });
  });

  it("says so when it cannot be kept", async () => {
    const folder = await mkdtemp(join(tmpdir(), "excalibur-secret-"));
    await writeFile(join(folder, "home"), "a file where the folder should be");
    await expect(new FileSecretStore(join(folder, "home", "x")).save(Uint8Array.of(1))).rejects.toThrow(
      LocalStateError,
    );
    await rm(folder, { recursive: true });
  });
});

it("the clock's wait ends with the signal's reason", async () => {
  await expect(systemClock.wait(0)).resolves.toBeUndefined();
  const controller = new AbortController();
  const waiting = systemClock.wait(60_000, controller.signal);
  controller.abort(new Error("enough"));
  await expect(waiting).rejects.toThrow("enough");
});
