import { beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { NetworkError } from "../ports/index.ts";
import { FakeAccountServer, FakeClock, type MemoryPorts, memoryPorts } from "../testing/index.ts";
import { type AccountSession, Entrance } from "./index.ts";

// Every sign-in stretches a password over 64 MiB: slow where many tests share a processor.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const PASSWORD = "correct horse battery";
const ALICE = { deviceName: "a test", client: "cli", server: "https://files.example", name: "alice" } as const;

let server: FakeAccountServer;
let ports: MemoryPorts;
let account: AccountSession;
/** Alice signed up once; every test gets copies. */
let origin: { server: FakeAccountServer; ports: MemoryPorts; words: readonly string[] };

beforeAll(async () => {
  const clock = new FakeClock();
  const first = await FakeAccountServer.start(() => clock.nowMs());
  const on = memoryPorts(first.http, { clock });
  const { recoveryWords } = await new Entrance(on).signUp({ ...ALICE, password: PASSWORD });
  origin = { server: first, ports: on, words: recoveryWords };
});

beforeEach(async () => {
  const clock = new FakeClock(origin.ports.clock.nowMs());
  server = origin.server.copy(() => clock.nowMs());
  const { cache, secrets } = origin.ports;
  ports = { ...memoryPorts(server.http, { clock }), cache: cache.copy(), secrets: secrets.copy() };
  account = await new Entrance(ports).open();
});

/** As another process of this device finds it, and a device that has heard of nothing yet. */
async function isReminded(): Promise<boolean[]> {
  const { cache, secrets } = origin.ports;
  const elsewhere = {
    ...memoryPorts(server.http, { clock: ports.clock }),
    cache: cache.copy(),
    secrets: secrets.copy(),
  };
  const far = await new Entrance(elsewhere).open();
  await far.refresh();
  return [(await new Entrance(ports).open()).hasUncheckedWords, far.hasUncheckedWords];
}

function recoverBy(typed: readonly string[]): Promise<AccountSession> {
  const elsewhere = memoryPorts(server.http, { clock: ports.clock });
  return new Entrance(elsewhere).recover({ ...ALICE, newPassword: "another good one", words: typed.join(" ") });
}

describe("new recovery words", () => {
  it("count for nothing until they are confirmed, then the old ones do; sessions stay", async () => {
    const entrance = new Entrance(ports);
    const renewal = await entrance.newRecoveryWords(account, PASSWORD);
    expect(renewal.words).toHaveLength(12);
    expect(server.sessions.size).toBe(1);
    await expect(recoverBy(renewal.words)).rejects.toMatchObject({ code: "recovery_failed" });
    await renewal.confirm();
    expect(server.sessions.size).toBe(1);
    await expect(account.refresh()).resolves.toBeUndefined();
    await expect(recoverBy(origin.words)).rejects.toMatchObject({ code: "recovery_failed" });
    await expect(recoverBy(renewal.words)).resolves.toBeDefined();
  });

  it("need the password, before anybody writes anything down", async () => {
    const entrance = new Entrance(ports);
    await expect(entrance.newRecoveryWords(account, "not this one")).rejects.toMatchObject({ code: "sign_in_failed" });
    await expect(recoverBy(origin.words)).resolves.toBeDefined();
  });

  it("are confirmed again when no answer came", async () => {
    const renewal = await new Entrance(ports).newRecoveryWords(account, PASSWORD);
    server.after = (route) => (route === "changeRecovery" ? new NetworkError("gone", { temporary: false }) : undefined);
    await expect(renewal.confirm()).rejects.toMatchObject({ code: "network" });
    server.after = () => undefined;
    await renewal.confirm();
    await expect(recoverBy(renewal.words)).resolves.toBeDefined();
  });
});

describe("recovery words that nobody has checked", () => {
  it("are known to be so on every device until they were typed, all of them and the right ones", async () => {
    expect(await isReminded()).toEqual([true, true]);
    const { words } = await new Entrance(ports).newRecoveryWords(account, PASSWORD);
    await expect(account.checkWords(words.join(" "))).rejects.toMatchObject({ code: "other_words" });
    await expect(account.checkWords(origin.words.slice(1).join(" "))).rejects.toMatchObject({
      code: "recovery_words_invalid",
    });
    expect(account.hasUncheckedWords).toBe(true);
    await account.checkWords(` ${origin.words.join("\n").toUpperCase()}`);
    expect(await isReminded()).toEqual([false, false]);
  });

  it("are so still when the server could not be told", async () => {
    server.before = (route) => (route === "putKeyring" ? new NetworkError("gone", { temporary: false }) : undefined);
    await expect(account.checkWords(origin.words.join(" "))).rejects.toMatchObject({ code: "network" });
    server.before = () => undefined;
    expect(await isReminded()).toEqual([true, true]);
  });

  it("are forgotten when others were checked, and not before", async () => {
    const renewal = await new Entrance(ports).newRecoveryWords(account, PASSWORD);
    server.before = (route) => (route === "putKeyring" ? new NetworkError("gone", { temporary: false }) : undefined);
    await expect(renewal.confirm()).rejects.toMatchObject({ code: "network" });
    server.before = () => undefined;
    expect(account.hasUncheckedWords).toBe(true);
    await renewal.confirm();
    expect(await isReminded()).toEqual([false, false]);
    await expect(recoverBy(renewal.words)).resolves.toBeDefined();
  });

  it("have been kept, evidently, by whoever recovers with them", async () => {
    expect((await recoverBy(origin.words)).hasUncheckedWords).toBe(false);
  });
});

describe("deleting the account", () => {
  it("needs the password; then it is gone there and here", async () => {
    const entrance = new Entrance(ports);
    const wrong = entrance.deleteAccount(account, "not this one");
    await expect(wrong).rejects.toMatchObject({ code: "sign_in_failed" });
    await expect(new Entrance(ports).open()).resolves.toBeDefined();
    await entrance.deleteAccount(account, PASSWORD);
    expect(server.accounts.has("alice")).toBe(false);
    await expect(new Entrance(ports).open()).rejects.toMatchObject({ code: "not_signed_in" });
    await expect(account.member()).rejects.toMatchObject({ code: "locked" });
    expect(await ports.secrets.load()).toBeUndefined();
  });

  it("is done when the answer was lost and the session is over", async () => {
    let isLost = true;
    server.after = (route) => {
      if (route !== "deleteAccount" || !isLost) return undefined;
      isLost = false;
      return new NetworkError("cut", { temporary: true });
    };
    await new Entrance(ports).deleteAccount(account, PASSWORD);
    await expect(new Entrance(ports).open()).rejects.toMatchObject({ code: "not_signed_in" });
  });

  it("is not taken for done when only the session was ended", async () => {
    server.before = (route) => {
      if (route === "deleteAccount") server.sessions.clear();
      return undefined;
    };
    await expect(new Entrance(ports).deleteAccount(account, PASSWORD)).rejects.toMatchObject({ code: "session_ended" });
    expect(server.accounts.has("alice")).toBe(true);
    await expect(new Entrance(ports).open()).resolves.toBeDefined();
  });
});
