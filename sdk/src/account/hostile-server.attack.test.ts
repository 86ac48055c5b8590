/** attacks.md A1, A8, B1, B6, B7: a server that lies about accounts. Each lie has a control: the same server, honest, is accepted. */

import { fromBase64Url, toBase64Url } from "@excalibur/core/bytes";
import { opaqueCreateServerSetup, randomBytes } from "@excalibur/core/primitives";
import type { Slot } from "@excalibur/core/protocol";
import { beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { FakeAccountServer, FakeClock, type MemoryPorts, memoryPorts } from "../testing/index.ts";
import { newAccountKey, sealNewSlot } from "./crypto.ts";
import { Entrance } from "./index.ts";

// Every sign-in stretches a password over 64 MiB: slow where many tests share a processor.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const SERVER = "https://files.example";
const PASSWORD = "correct horse battery";
const DEVICE = { deviceName: "a test", client: "cli" as const, server: SERVER };

let honest: FakeAccountServer;
let server: FakeAccountServer;
let clock: FakeClock;
let ports: MemoryPorts;

beforeAll(async () => {
  clock = new FakeClock();
  honest = await FakeAccountServer.start(() => clock.nowMs());
  for (const name of ["alice", "bob"]) {
    const { problem } = await new Entrance(memoryPorts(honest.http, { clock })).signUp({
      ...DEVICE,
      name,
      password: PASSWORD,
    });
    if (problem !== undefined) throw problem;
  }
});

beforeEach(() => {
  clock = new FakeClock();
  server = honest.copy(() => clock.nowMs());
  ports = memoryPorts(server.http, { clock });
});

// biome-ignore lint/suspicious/noExplicitAny: replies of any shape are the point here.
type Reply = any;

function lie(routeId: string, change: (reply: Reply) => Reply): void {
  server.mutate = (id, reply: Reply) => (id === routeId ? change(reply) : reply);
}

function signIn() {
  return new Entrance(ports).signIn({ ...DEVICE, name: "alice", password: PASSWORD });
}

/** What must hold after every refusal: the device keeps nothing, and no request followed the lie. */
async function expectRefused(code: string, last: string): Promise<void> {
  await expect(signIn()).rejects.toMatchObject({ code });
  expect(server.called.at(-1)).toBe(last);
  expect(ports.cache.rows().filter(({ table, key }) => table !== "device" || key !== "contact")).toEqual([]);
  expect(await ports.secrets.load()).toBeUndefined();
}

function flip(text: string, at: number): string {
  const bytes = fromBase64Url(text);
  bytes[(at + bytes.length) % bytes.length]! ^= 1;
  return toBase64Url(bytes);
}

const slotOf = (name: string, type: number): Slot =>
  server.accounts.get(name)!.slots.find((slot) => slot.type === type)!;

describe("a server that is not the one of the account", () => {
  it("(control) is accepted when it is", async () => {
    await expect(signIn()).resolves.toBeDefined();
  });

  it("B6 fails like a wrong password when it has another key", async () => {
    server.setup = await opaqueCreateServerSetup();
    await expectRefused("sign_in_failed", "signInStart");
  });

  it("B6 fails when it swaps the records of two people", async () => {
    const [alice, bob] = [server.accounts.get("alice")!, server.accounts.get("bob")!];
    [alice.record, bob.record] = [bob.record, alice.record];
    await expectRefused("sign_in_failed", "signInStart");
  });

  it.each([0, 40, 100, 200, -1])("B6 fails with byte %i of its answer flipped", async (at) => {
    lie("signInStart", (reply) => ({ ...reply, loginResponse: flip(reply.loginResponse, at) }));
    await expectRefused("sign_in_failed", "signInStart");
  });

  it("B7 fails when it replays an old answer", async () => {
    let old: Reply;
    lie("signInStart", (reply) => {
      old ??= reply;
      return reply;
    });
    await new Entrance(memoryPorts(server.http, { clock })).signIn({ ...DEVICE, name: "alice", password: PASSWORD });
    lie("signInStart", () => old);
    await expectRefused("sign_in_failed", "signInStart");
  });
});

describe("a server that hands out another slot", () => {
  it.each<[string, string, () => Slot | Promise<Slot>]>([
    ["of another person", "slot_auth", () => slotOf("bob", 1)],
    ["of another way in", "server_authentication", () => slotOf("alice", 2)],
    ["of another way in, relabelled", "slot_auth", () => ({ ...slotOf("alice", 2), type: 1 })],
    ["under another id", "slot_auth", () => ({ ...slotOf("alice", 1), slotId: slotOf("bob", 1).slotId })],
    ["of another generation", "slot_auth", () => ({ ...slotOf("alice", 1), generation: 1 })],
    [
      "with a byte flipped",
      "slot_auth",
      () => ({ ...slotOf("alice", 1), sealed: flip(slotOf("alice", 1).sealed, -1) }),
    ],
    ["of random bytes", "malformed", () => ({ ...slotOf("alice", 1), sealed: toBase64Url(randomBytes(658)) })],
    [
      "with a key of its own inside",
      "slot_auth",
      async () => {
        const account = newAccountKey(fromBase64Url(server.accounts.get("alice")!.userId));
        return sealNewSlot(account, { type: "password", slotKey: randomBytes(32) });
      },
    ],
  ])("A1 %s is refused, and nothing follows", async (_, code, slot) => {
    const other = await slot();
    lie("signInFinish", (reply) => ({ ...reply, slot: other }));
    await expectRefused(code, "signInFinish");
  });
});

describe("a server that contradicts itself", () => {
  it.each<[string, string, (reply: Reply) => Reply, string]>([
    [
      "another user at the start",
      "signInStart",
      (reply) => ({ ...reply, userId: server.accounts.get("bob")!.userId }),
      "sign_in_failed",
    ],
    [
      "another user at the end",
      "signInFinish",
      (reply) => ({ ...reply, userId: server.accounts.get("bob")!.userId }),
      "server_authentication",
    ],
    ["another name", "signInFinish", (reply) => ({ ...reply, name: "bob" }), "server_authentication"],
  ])("A1 %s is refused", async (_, route, change, code) => {
    lie(route, change);
    await expectRefused(code, "signInFinish");
  });

  it("A1 another home volume than the keyring's is refused", async () => {
    lie("signInFinish", (reply) => ({ ...reply, homeVolumeId: server.accounts.get("bob")!.homeVolumeId }));
    await expect(signIn()).rejects.toMatchObject({ code: "server_authentication" });
    await expect(new Entrance(ports).open()).rejects.toMatchObject({ code: "not_signed_in" });
  });

  it("A1 another person than this device remembers is refused before the password is proven", async () => {
    await signIn();
    lie("signInStart", (reply) => ({ ...reply, userId: server.accounts.get("bob")!.userId }));
    const sent = server.called.length;
    await expect(signIn()).rejects.toMatchObject({ code: "server_authentication" });
    expect(server.called.slice(sent)).toEqual(["signInStart"]);
  });
});

describe("a server that wants something else", () => {
  it("A8, A9, B1 gets the same messages whatever parameters it sends", async () => {
    const shape = () =>
      server.http.requests.map(({ path, headers, bytes }) => [path, Object.keys(headers), bytes.length]);
    await signIn();
    const usual = shape();
    server = honest.copy(() => clock.nowMs());
    ports = memoryPorts(server.http, { clock });
    const wishes = {
      version: 2,
      kdf: { memory: 8, iterations: 1 },
      group: "p256",
      mustRotate: true,
      recoveryPolicy: { key: "AAAA" },
      slots: [{}],
    };
    server.mutate = (_, reply: Reply) =>
      typeof reply === "object" && !("api" in reply) ? { ...wishes, ...reply } : reply;
    await signIn();
    expect(shape()).toEqual(usual);
  });
});

describe("a server that hands out another keyring", () => {
  it.each<[string, string, (reply: Reply) => Reply]>([
    ["of another person", "keyring_damaged", () => server.accounts.get("bob")!.keyrings[0]],
    ["under another version", "keyring_damaged", (reply) => ({ ...reply, version: 2 })],
    ["with a byte flipped", "keyring_damaged", (reply) => ({ ...reply, sealed: flip(reply.sealed, -1) })],
    ["of random bytes", "malformed", (reply) => ({ ...reply, sealed: toBase64Url(randomBytes(900)) })],
  ])("A1, D6 %s is refused", async (_, code, change) => {
    lie("getKeyring", change);
    await expect(signIn()).rejects.toMatchObject({ code });
    await expect(new Entrance(ports).open()).rejects.toMatchObject({ code: "not_signed_in" });
  });
});
