import { WeakPasswordError } from "@excalibur/sdk";
import { describe, expect, it } from "vitest";
import { type Device, World } from "../src/index.ts";

const DAY_MS = 86_400_000;
const PASSWORD = "a password nobody has";

/** Signing up on a device of its own, as somebody who has only heard of this server. */
async function signUp(device: Device, options: { name?: string; password?: string; invite?: string }) {
  const { name = "erin", password = PASSWORD, invite } = options;
  const way = { deviceName: "first device", client: "cli", server: device.server, name, password } as const;
  const made = await device.excalibur.signUp({ ...way, ...(invite === undefined ? {} : { invite }) });
  if (made.account === undefined) throw made.problem;
  device.use(made.account);
  return made;
}

/** What the person who runs the server types. */
async function invite(world: World, ...args: string[]): Promise<{ code: string; url: string }> {
  const { exitCode, stdout, stderr } = await world.runServerCli(["invite", "create", "--json", ...args]);
  expect(exitCode, stderr).toBe(0);
  return JSON.parse(stdout) as { code: string; url: string };
}

describe("an invitation", () => {
  it("makes one account, whether the server runs or not when it is written", async () => {
    await using world = await World.start();
    const running = await invite(world);
    await world.stopServer();
    const stopped = await invite(world);
    await world.startServer();

    const [erin, frank] = [await world.newDevice("erin"), await world.newDevice("frank")];
    const { recoveryWords } = await signUp(erin, { invite: `${world.origin}/#invite=${running.code}` });
    expect(recoveryWords).toHaveLength(12);
    await erin.write("/first.txt", "mine");
    expect(await erin.readText("/first.txt")).toBe("mine");

    await expect(signUp(frank, { name: "frank", invite: running.code })).rejects.toMatchObject({
      code: "invite_invalid",
    });
    await signUp(frank, { name: "frank", invite: stopped.code });
    expect((await (await frank.account).status()).remote?.admin).toBe(false);
  });

  it("is needed, ends, and is not guessed", async () => {
    let passedMs = 0;
    await using world = await World.start({ server: { clock: () => Date.now() + passedMs } });
    const { code } = await invite(world, "--expires", "1d");
    const erin = await world.newDevice("erin");
    await expect(signUp(erin, {})).rejects.toMatchObject({ code: "invite_required" });
    await expect(signUp(erin, { invite: "A".repeat(22) })).rejects.toMatchObject({ code: "invite_invalid" });
    passedMs = 2 * DAY_MS;
    await expect(signUp(erin, { invite: code })).rejects.toMatchObject({ code: "invite_invalid" });
    passedMs = 0;
    await signUp(erin, { invite: code });
  });

  it("opens nothing while sign-up is closed", async () => {
    await using world = await World.start({ server: { signUp: "closed" } });
    const { code } = await invite(world);
    const erin = await world.newDevice("erin");
    await expect(signUp(erin, { invite: code })).rejects.toMatchObject({ code: "sign_up_closed" });
  });
});

describe("a name", () => {
  it("B15 that somebody has, or that only looks like one, makes no account", async () => {
    await using world = await World.start({ server: { signUp: "open" } });
    const { alice } = await world.people("alice");
    const erin = await world.newDevice("erin");
    await expect(signUp(erin, { name: "Alice" })).rejects.toMatchObject({ code: "name_taken" });
    erin.network.asked.length = 0;
    for (const name of ["ａlice", "alice\u200b", "аlice", "al", "alice smith", "álice", "x".repeat(33)]) {
      await expect(signUp(erin, { name }), name).rejects.toMatchObject({ code: "bad_user_name" });
    }
    expect(erin.network.asked).toEqual([]);
    await alice.device("still hers");
  });
});

describe("a password", () => {
  it("that anybody would try is refused before anything is sent", async () => {
    await using world = await World.start({ server: { signUp: "open" } });
    const erin = await world.newDevice("erin");
    for (const password of ["short", "erinerinerin".slice(0, 4), "aaaaaaaaaaaaaa", "password123", "1234567890"]) {
      await expect(signUp(erin, { password }), password).rejects.toThrow(WeakPasswordError);
    }
    expect(erin.network.asked).toEqual([]);
  });

  it("B15 is the same in every Unicode form in which it can be typed, and no space is trimmed", async () => {
    await using world = await World.start({ server: { signUp: "open" } });
    const erin = await world.newDevice("erin");
    await signUp(erin, { password: " Grüße aus Zürich \u212b".normalize("NFC") });
    const way = { server: world.origin, name: "erin", deviceName: "another", client: "cli" } as const;
    const another = await world.newDevice("another");
    await another.excalibur.signIn({ ...way, password: " Grüße aus Zürich \u00c5".normalize("NFD") });
    const trimmed = { ...way, password: "Grüße aus Zürich \u00c5" };
    const third = await world.newDevice("third");
    await expect(third.excalibur.signIn(trimmed)).rejects.toMatchObject({ code: "sign_in_failed" });
  });
});

describe("an account on a device", () => {
  it("stays open for the next program, can be locked, and is forgotten at sign-out", async () => {
    await using world = await World.start();
    const { alice } = await world.people("alice");
    await alice.laptop.write("/kept.txt", "kept");
    const again = await world.restartDevice(alice.laptop);
    expect(await again.readText("/kept.txt")).toBe("kept");

    await (await again.account).lock();
    const locked = await world.restartDevice(again);
    await expect(locked.account).rejects.toMatchObject({ code: "locked" });
    await alice.signIn(locked, "laptop");
    expect(await locked.readText("/kept.txt")).toBe("kept");

    await expect((await locked.account).signOut()).resolves.toEqual({ sessionEnded: true });
    const forgotten = await world.restartDevice(locked);
    await expect(forgotten.account).rejects.toMatchObject({ code: "not_signed_in" });
    expect(await alice.phone.readText("/kept.txt")).toBe("kept");
  });

  it("can be signed out of while the server is away, and says that the session goes on there", async () => {
    await using world = await World.start();
    const { alice } = await world.people("alice");
    const account = await alice.laptop.account;
    await world.stopServer();
    await expect(account.signOut()).resolves.toEqual({ sessionEnded: false });
    await world.startServer();
    const { remote } = await (await alice.phone.account).status();
    expect(remote?.sessions.map(({ deviceName }) => deviceName).sort()).toEqual(["laptop", "phone"]);
  });
});
