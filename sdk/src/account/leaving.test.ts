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
