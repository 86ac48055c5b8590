/** The keyring's memory: what may follow, what may not, and two devices that write at once. keys.md §4. */

import { toBase64Url } from "@excalibur/core/bytes";
import { randomBytes } from "@excalibur/core/primitives";
import { beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { NetworkError } from "../../ports/index.ts";
import { FakeAccountServer, FakeClock, type MemoryPorts, memoryPorts } from "../../testing/index.ts";
import { type AccountSession, Entrance } from "../index.ts";
import { KeyringKeeper } from "./keeper.ts";

// Every sign-in stretches a password over 64 MiB: slow where many tests share a processor.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const DEVICE = { deviceName: "a test", client: "cli" as const, server: "https://files.example" };
const ALICE = { ...DEVICE, name: "alice", password: "correct horse battery" };

let clock: FakeClock;
let server: FakeAccountServer;
let ports: MemoryPorts;
let account: AccountSession;
let keeper: KeyringKeeper;
let origin: { server: FakeAccountServer; ports: MemoryPorts };

async function keeperOn(on: MemoryPorts, of: AccountSession): Promise<KeyringKeeper> {
  const { account: key, device } = of.parts;
  const found = await KeyringKeeper.remembered({ cache: on.cache, account: key, row: device.userId });
  if (found === undefined) throw new Error("no memory");
  return found;
}

beforeAll(async () => {
  clock = new FakeClock();
  server = await FakeAccountServer.start(() => clock.nowMs());
  ports = memoryPorts(server.http, { clock });
  const { problem } = await new Entrance(ports).signUp(ALICE);
  if (problem !== undefined) throw problem;
  origin = { server, ports };
});

beforeEach(async () => {
  clock = new FakeClock(origin.ports.clock.nowMs());
  server = origin.server.copy(() => clock.nowMs());
  ports = device(origin.ports);
  account = await new Entrance(ports).open();
  keeper = await keeperOn(ports, account);
});

/** A device whose folder is a copy of another's. */
function device(of: MemoryPorts): MemoryPorts {
  return memoryPorts(server.http, { clock, cache: of.cache.copy(), secrets: of.secrets.copy() });
}

const set = (name: string, value: string) => (keyring: KeyringKeeper["keyring"]) => ({
  ...keyring,
  settings: new Map([...keyring.settings, [name, value]]),
});

/** Those that the tests have set. */
const choices = ({ keyring }: KeyringKeeper) =>
  Object.fromEntries([...keyring.settings].filter(([name]) => !name.startsWith("recovery/")));

const stored = () => server.accounts.get("alice")!.keyrings;

async function write(name: string, times = 1): Promise<void> {
  for (let i = 0; i < times; i++) await keeper.update(account.api, set(name, `${i}`));
}

describe("a keyring", () => {
  it("is written under the next version and remembered by the next process", async () => {
    await write("theme");
    expect(keeper.version).toBe(2);
    expect((await keeperOn(ports, account)).keyring.settings.get("theme")).toBe("0");
    await keeper.update(account.api, (keyring) => keyring);
    expect(stored()).toHaveLength(2);
  });

  it("is followed by a device that missed many versions", async () => {
    const other = await new Entrance(device(ports)).open();
    await write("theme", 5);
    await expect(other.refresh()).resolves.toBeUndefined();
    await expect(other.status()).resolves.toMatchObject({ keyringVersion: 6 });
  });

  it("merges what two devices changed at once, so that neither is lost", async () => {
    const otherPorts = device(ports);
    const other = await new Entrance(otherPorts).open();
    const otherKeeper = await keeperOn(otherPorts, other);
    await otherKeeper.update(other.api, set("language", "de"));
    await keeper.update(account.api, set("theme", "dark"));
    expect(choices(keeper)).toEqual({ language: "de", theme: "dark" });
    expect(keeper.version).toBe(3);
    await expect(otherKeeper.update(other.api, set("theme", "light"))).rejects.toMatchObject({
      code: "keyring_conflict",
    });
    expect(stored()).toHaveLength(3);
  });

  it("is shared by the processes of one device", async () => {
    const second = await keeperOn(ports, account);
    await write("theme", 2);
    await second.update(account.api, set("language", "de"));
    expect(choices(second)).toEqual({ theme: "1", language: "de" });
    await keeper.refresh(account.api);
    expect(keeper.version).toBe(4);
  });
});

describe("a server that lies about the keyring's history", () => {
  it("cannot go back", async () => {
    await write("theme", 2);
    stored().pop();
    await expect(account.refresh()).rejects.toMatchObject({ code: "rollback" });
    await expect(new Entrance(ports).signIn(ALICE)).rejects.toMatchObject({ code: "rollback" });
    expect((await keeperOn(ports, account)).version).toBe(3);
  });

  it("cannot show another keyring of the same version", async () => {
    await write("theme");
    const rival = await rivalHistory(1);
    stored().splice(1, 1, ...rival);
    await expect(account.refresh()).rejects.toMatchObject({ code: "fork" });
  });

  it("cannot go on from another history, whatever hashes it tells", async () => {
    await write("theme");
    const rival = await rivalHistory(3);
    stored().splice(1, stored().length, ...rival);
    await expect(account.refresh()).rejects.toMatchObject({ code: "fork" });
    server.mutate = (id, reply) => (id === "getKeyringHashes" ? { hashes: [toBase64Url(randomBytes(32))] } : reply);
    await expect(account.refresh()).rejects.toMatchObject({ code: "fork" });
    server.mutate = (id, reply) => (id === "getKeyringHashes" ? { hashes: [] } : reply);
    await expect(account.refresh()).rejects.toMatchObject({ code: "malformed" });
    expect((await keeperOn(ports, account)).version).toBe(2);
  });

  it("is forgiven only when the person says so: then both histories become one, above both", async () => {
    const rival = await rivalHistory(2);
    await write("theme", 4);
    stored().splice(1, stored().length, ...rival);
    await expect(new Entrance(ports).signIn(ALICE)).rejects.toMatchObject({ code: "rollback" });
    const merged = await new Entrance(ports).signIn({ ...ALICE, mergeKeyring: true });
    const after = await keeperOn(ports, merged);
    expect(choices(after)).toEqual({ theme: "3", rival: "1" });
    expect(after.version).toBe(6);
    await expect(merged.refresh()).resolves.toBeUndefined();
  });

  it("gives up a damaged memory in that ceremony only", async () => {
    const row = { table: "keyring", key: account.parts.device.userId };
    await ports.cache.write({ puts: [{ ...row, value: randomBytes(900) }] });
    await expect(new Entrance(ports).signIn(ALICE)).rejects.toMatchObject({
      code: expect.stringMatching(/malformed|keyring_damaged/),
    });
    const signedIn = await new Entrance(ports).signIn({ ...ALICE, mergeKeyring: true });
    expect((await keeperOn(ports, signedIn)).version).toBe(1);
  });

  /** Versions 2 … 1 + count as another device wrote them on a server that forked. */
  async function rivalHistory(count: number) {
    const otherServer = origin.server.copy(() => clock.nowMs());
    const otherPorts = memoryPorts(otherServer.http, {
      clock,
      cache: origin.ports.cache.copy(),
      secrets: origin.ports.secrets.copy(),
    });
    const other = await new Entrance(otherPorts).open();
    const otherKeeper = await keeperOn(otherPorts, other);
    for (let i = 0; i < count; i++) await otherKeeper.update(other.api, set("rival", `${i}`));
    return otherServer.accounts.get("alice")!.keyrings.slice(1);
  }
});

describe("accepted heads", () => {
  const head = (sequence: number) => ({ sequence, hash: new Uint8Array(32).fill(sequence) });

  async function floor() {
    const fresh = await new Entrance(memoryPorts(server.http, { clock })).signIn(ALICE);
    return (await fresh.member()).acceptedHead(fresh.homeVolumeId)?.sequence;
  }

  async function accept(sequence: number): Promise<void> {
    const process = await new Entrance(ports).open();
    (await process.member()).rememberHead(process.homeVolumeId, head(sequence));
    await process.close();
  }

  it("go into the keyring at most every ten minutes, and at sign-out", async () => {
    await accept(3);
    expect(await floor()).toBe(3);
    const writes = stored().length;
    clock.advance(60_000);
    await accept(5);
    await accept(4);
    expect(stored()).toHaveLength(writes);
    clock.advance(10 * 60_000);
    await accept(6);
    expect(await floor()).toBe(6);
    await accept(8);
    expect(await floor()).toBe(6);
    await (await new Entrance(ports).open()).signOut();
    expect(await floor()).toBe(8);
  });

  it("never go back, and wait when the server cannot be reached", async () => {
    await accept(7);
    clock.advance(3_600_000);
    await accept(5);
    expect(await floor()).toBe(7);
    clock.advance(3_600_000);
    server.before = () => new NetworkError("offline");
    await accept(9);
    server.before = () => undefined;
    clock.advance(3_600_000);
    await accept(8);
    expect(await floor()).toBe(9);
  });
});
