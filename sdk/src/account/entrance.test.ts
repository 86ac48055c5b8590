import { fromBase64Url, toBase64Url, toHex, utf8Encode } from "@excalibur/core/bytes";
import { signatureKeysOf, verifyIdentity } from "@excalibur/core/identity";
import { decodeCommit, decodeManifest, verifyGenesis } from "@excalibur/core/volume/record";
import { beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { NetworkError } from "../ports/index.ts";
import { FakeAccountServer, FakeClock, type MemoryPorts, memoryPorts } from "../testing/index.ts";
import { type AccountSession, Entrance } from "./index.ts";

// Every sign-in stretches a password over 64 MiB: slow where many tests share a processor.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const SERVER = "https://files.example";
const PASSWORD = "correct horse battery";
const DEVICE = { deviceName: "a test", client: "cli" as const };

let clock: FakeClock;
let server: FakeAccountServer;
let ports: MemoryPorts;
let account: AccountSession;
let words: readonly string[];
/** Alice signed up once; every test gets copies. Stretching a password takes its time, on purpose. */
let origin: { server: FakeAccountServer; ports: MemoryPorts; words: readonly string[] };

beforeAll(async () => {
  clock = new FakeClock();
  server = await FakeAccountServer.start(() => clock.nowMs());
  ports = memoryPorts(server.http, { clock });
  const { recoveryWords, problem } = await signUp("Alice");
  if (problem !== undefined) throw problem;
  origin = { server, ports, words: recoveryWords };
});

beforeEach(async () => {
  clock = new FakeClock(origin.ports.clock.nowMs());
  server = origin.server.copy(() => clock.nowMs());
  ports = { ...device(), cache: origin.ports.cache.copy(), secrets: origin.ports.secrets.copy() };
  words = origin.words;
  account = await new Entrance(ports).open();
});

function device(): MemoryPorts {
  return memoryPorts(server.http, { clock });
}

function signUp(name: string, on = ports) {
  return new Entrance(on).signUp({ ...DEVICE, server: SERVER, name, password: PASSWORD });
}

function signIn(on: MemoryPorts, password = PASSWORD, name = "alice") {
  return new Entrance(on).signIn({ ...DEVICE, server: SERVER, name, password });
}

describe("signing up", () => {
  it("gives twelve words and an open account that the next process finds again", async () => {
    expect(words).toHaveLength(12);
    expect(account.name).toBe("alice");
    const again = await new Entrance({ ...ports }).open();
    const member = await account.member();
    expect(await again.member()).toMatchObject({
      fingerprint: member.fingerprint,
      signatureSeed: member.signatureSeed,
    });
    expect(again.homeVolumeId).toEqual(account.homeVolumeId);
    expect(member.volumeKeys(account.homeVolumeId).get(0)).toHaveLength(32);
    expect((await again.whoami()).fingerprint).toMatch(/^(\d{5} ){11}\d{5}$/);
  });

  it("makes a genesis that verifies, signed by the published identity", async () => {
    const body = origin.server.http.requests.find(({ path }) => path === "/api/sign-up")!.json() as {
      identity: string;
      homeVolume: { volumeId: string; manifest: string; commit: string; pages: string[] };
    };
    const identity = verifyIdentity(fromBase64Url(body.identity));
    const { homeVolume } = body;
    const { state } = verifyGenesis({
      commit: decodeCommit(fromBase64Url(homeVolume.commit)),
      manifest: decodeManifest(fromBase64Url(homeVolume.manifest)),
      signatureKeys: signatureKeysOf([identity]),
    });
    expect(state.folderCount).toBe(2);
    expect(identity.fingerprint).toEqual((await account.member()).fingerprint);
    expect(homeVolume.pages).toHaveLength(2);
  });

  it("keeps the words nowhere and sends no secret", async () => {
    const { signatureSeed, sealingSeed, volumeKeys } = await account.member();
    const secrets = [PASSWORD, words.join(" "), words.slice(0, 3).join(" ")].map(utf8Encode);
    secrets.push(
      new Uint8Array(signatureSeed),
      new Uint8Array(sealingSeed),
      new Uint8Array(volumeKeys(account.homeVolumeId).get(0)!),
    );
    const sent = origin.server.http.requests.map(
      (request) => `${request.url} ${JSON.stringify(request.headers)} ${toHex(request.bytes)}`,
    );
    const kept = origin.ports.cache.rows().map(({ table, key, value }) => `${table} ${key} ${toHex(value)}`);
    const everything = [...sent, ...kept, ...origin.ports.logger.lines].join("\n");
    expect(everything.length).toBeGreaterThan(1_000);
    for (const secret of secrets) {
      expect(everything).not.toContain(toHex(secret));
      expect(everything).not.toContain(toBase64Url(secret));
      // Inside a JSON body the text is hex by now: once more as hex of its base64url.
      expect(everything).not.toContain(toHex(utf8Encode(toBase64Url(secret))));
    }
  });

  it.each([
    ["bad_user_name", { name: "a" }],
    ["weak_password", { password: "short" }],
    ["bad_invitation", { invite: "nonsense" }],
    ["bad_address", { server: "ftp://x" }],
  ])("refuses %s before anything is sent", async (code, wrong) => {
    const attempt = new Entrance(ports).signUp({
      ...DEVICE,
      server: SERVER,
      name: "alice",
      password: PASSWORD,
      ...wrong,
    });
    await expect(attempt).rejects.toMatchObject({ code });
    expect(server.http.requests).toEqual([]);
  });

  it("takes the server from an invitation's address and sends the code in the body only", async () => {
    const invite = "AAECAwQFBgcICQoLDA0ODw";
    const options = { ...DEVICE, name: "dave", password: PASSWORD };
    const signedUp = await new Entrance(device()).signUp({ ...options, invite: `${SERVER}/#invite=${invite}` });
    expect(signedUp.account?.server).toBe(SERVER);
    expect(server.http.requests.map(({ url }) => url).join()).not.toContain(invite);
    expect(server.http.requests.find(({ path }) => path === "/api/sign-up")!.json()).toMatchObject({ invite });
    await expect(new Entrance(device()).signUp({ ...options, invite })).rejects.toMatchObject({
      code: "bad_address",
    });
  });

  it("says that the name is taken", async () => {
    await expect(signUp("alice", device())).rejects.toMatchObject({ code: "name_taken" });
  });

  it("is sent again after a cut connection, and made once", async () => {
    let cuts = 2;
    server.after = (route) => (route === "signUp" && cuts-- > 0 ? new NetworkError("cut") : undefined);
    await expect(signUp("dave", device())).resolves.toMatchObject({ confirmed: true, problem: undefined });
    expect(server.called.filter((id) => id === "signUp")).toHaveLength(3);
  });

  it("hands out the words even when the answer never comes, or the account cannot be opened yet", async () => {
    server.after = (route) => (route === "signUp" ? new NetworkError("cut") : undefined);
    const unknown = await signUp("dave", device());
    expect(unknown).toMatchObject({ confirmed: false, account: undefined, problem: { code: "network" } });
    server.after = (route) => (route === "getKeyring" ? new NetworkError("cut") : undefined);
    const later = await signUp("bob", device());
    expect(later).toMatchObject({ confirmed: true, account: undefined, problem: { code: "network" } });
    server.after = () => undefined;
    const recovered = new Entrance(device()).recover({
      ...DEVICE,
      server: SERVER,
      name: "dave",
      words: unknown.recoveryWords.join(" "),
      newPassword: "another good one",
    });
    await expect(recovered).resolves.toBeDefined();
  });

  it("takes its time from the server, so that a wrong clock makes no difference", async () => {
    const late = new FakeClock(clock.nowMs() - 7 * 3_600_000);
    await signUp("dave", memoryPorts(server.http, { clock: late }));
    const { homeVolume } = server.http.requests.find(({ path }) => path === "/api/sign-up")!.json() as {
      homeVolume: { commit: string };
    };
    expect(Math.abs(decodeCommit(fromBase64Url(homeVolume.commit)).timeMs - clock.nowMs())).toBeLessThan(60_000);
  });
});

describe("signing in", () => {
  it("opens the same account on another device", async () => {
    const other = await signIn(device());
    expect(await other.member()).toMatchObject({ signatureSeed: (await account.member()).signatureSeed });
    expect(other.homeVolumeId).toEqual(account.homeVolumeId);
    expect(server.sessions.size).toBe(2);
  });

  it("fails alike for a wrong password and an unknown name, and leaves nothing behind", async () => {
    const on = device();
    const wrong = await signIn(on, "wrong password!").catch((error: unknown) => error);
    const unknown = await signIn(on, PASSWORD, "nobody").catch((error: unknown) => error);
    expect(wrong).toMatchObject({ code: "sign_in_failed" });
    expect(String(wrong)).toBe(String(unknown));
    expect(on.cache.rows().filter(({ table }) => table !== "device")).toEqual([]);
    await expect(new Entrance(on).open()).rejects.toMatchObject({ code: "not_signed_in" });
  });

  it("does the whole exchange again when the connection breaks in its second half", async () => {
    let cuts = 1;
    server.after = (route) => (route === "signInFinish" && cuts-- > 0 ? new NetworkError("cut") : undefined);
    await expect(signIn(device())).resolves.toBeDefined();
    expect(server.called.filter((id) => id === "signInStart")).toHaveLength(2);
  });

  it("again ends the session before, and keeps other accounts out", async () => {
    const [before] = [...server.sessions.keys()];
    await signIn(ports);
    expect([...server.sessions.keys()]).not.toContain(before);
    expect(server.sessions.size).toBe(1);
    await expect(signIn(ports, PASSWORD, "bob")).rejects.toMatchObject({ code: "already_signed_in" });
  });

  it("normalises the password like everybody else", async () => {
    const on = device();
    await new Entrance(on).signUp({ ...DEVICE, server: SERVER, name: "zoe", password: "Zoe\u0308 und der Ｍond" });
    await expect(signIn(device(), "Zo\u00eb und der Mond", "zoe")).resolves.toBeDefined();
  });
});

describe("recovery", () => {
  it("opens the account by the words alone, sets a password and ends the other sessions", async () => {
    const on = device();
    const options = { ...DEVICE, server: SERVER, name: "alice", newPassword: "another good one" };
    const recovered = await new Entrance(on).recover({ ...options, words: `  ${words.join("\n").toUpperCase()} ` });
    expect(recovered.homeVolumeId).toEqual(account.homeVolumeId);
    expect(server.sessions.size).toBe(1);
    // The owner's other devices can read that it happened.
    await expect(recovered.status()).resolves.toMatchObject({ keyringVersion: 2 });
    await expect(signIn(device())).rejects.toMatchObject({ code: "sign_in_failed" });
    await expect(signIn(device(), "another good one")).resolves.toBeDefined();
    await expect(account.refresh()).rejects.toMatchObject({ code: "session_ended" });
  });

  it("F3 checks the words before anything is sent, and never sends them", async () => {
    const options = { ...DEVICE, server: SERVER, name: "alice", newPassword: "another good one" };
    const sentBefore = server.http.requests.length;
    const swapped = [words[1], words[0], ...words.slice(2)].join(" ");
    for (const wrong of ["", words.slice(1).join(" "), [...words.slice(1), "zzzz"].join(" ")]) {
      await expect(new Entrance(device()).recover({ ...options, words: wrong })).rejects.toMatchObject({
        code: "recovery_words_invalid",
      });
    }
    expect(server.http.requests).toHaveLength(sentBefore);
    await expect(new Entrance(device()).recover({ ...options, words: swapped })).rejects.toMatchObject({
      code: expect.stringMatching(/recovery_(words_invalid|failed)/),
    });
    const others = (await signUp("bob", device())).recoveryWords.join(" ");
    await expect(new Entrance(device()).recover({ ...options, words: others })).rejects.toMatchObject({
      code: "recovery_failed",
    });
    await expect(new Entrance(device()).recover({ ...options, name: "nobody", words: others })).rejects.toMatchObject({
      code: "recovery_failed",
    });
  });
});

describe("a new password", () => {
  it("replaces the old one, ends other sessions and goes on here", async () => {
    const other = await signIn(device());
    await new Entrance(ports).changePassword(account, { current: PASSWORD, next: "another good one" });
    await expect(account.refresh()).resolves.toBeUndefined();
    await expect(other.refresh()).rejects.toMatchObject({ code: "session_ended" });
    await expect(signIn(device())).rejects.toMatchObject({ code: "sign_in_failed" });
    await expect(signIn(device(), "another good one")).resolves.toBeDefined();
    await expect((await new Entrance(ports).open()).refresh()).resolves.toBeUndefined();
  });

  it("needs the current one and must be a good one", async () => {
    const entrance = new Entrance(ports);
    await expect(
      entrance.changePassword(account, { current: "not this one", next: "another good one" }),
    ).rejects.toMatchObject({ code: "sign_in_failed" });
    await expect(entrance.changePassword(account, { current: PASSWORD, next: "password123" })).rejects.toMatchObject({
      code: "weak_password",
    });
    await expect(signIn(device())).resolves.toBeDefined();
  });

  it("set by another process of the device does not stop this one", async () => {
    const entrance = new Entrance(ports);
    await entrance.changePassword(await entrance.open(), { current: PASSWORD, next: "another good one" });
    await expect(account.refresh()).resolves.toBeUndefined();
  });
});

describe("a device", () => {
  it("is locked until the password is typed again", async () => {
    await account.lock();
    await expect(account.member()).rejects.toMatchObject({ code: "locked" });
    await expect(new Entrance(ports).open()).rejects.toMatchObject({ code: "locked" });
    expect(await ports.secrets.load()).toBeUndefined();
    await signIn(ports);
    expect(server.sessions.size).toBe(1);
    await expect(new Entrance(ports).open()).resolves.toBeDefined();
  });

  it("is unlocked, when somebody wants that, by a second secret that is kept nowhere here", async () => {
    const entrance = new Entrance(ports);
    expect(await entrance.isGuarded()).toBe(false);
    const replaced = await account.guard();
    const secret = await account.guard();
    await account.lock();
    await expect(entrance.open()).rejects.toMatchObject({ code: "locked" });
    await expect(entrance.openGuarded(replaced)).rejects.toMatchObject({ code: "locked" });
    const sent = server.http.requests.length;
    const unlocked = await entrance.openGuarded(secret);
    expect(server.http.requests).toHaveLength(sent);
    await expect(unlocked.refresh()).resolves.toBeUndefined();
    // It is open for the next process as well, and the password has changed nothing about it.
    await expect(new Entrance(ports).open()).resolves.toBeDefined();
    await signIn(ports);
    await expect(entrance.openGuarded(secret)).resolves.toBeDefined();
  });

  it("is not unlocked by it any more when it was given up, or the account left", async () => {
    const entrance = new Entrance(ports);
    const secret = await account.guard();
    await account.dropGuard();
    await expect(entrance.openGuarded(secret)).rejects.toMatchObject({ code: "locked" });
    const other = await account.guard();
    await account.signOut();
    expect(await entrance.isGuarded()).toBe(false);
    await expect(entrance.openGuarded(other)).rejects.toMatchObject({ code: "not_signed_in" });
    await signIn(ports);
    await expect(entrance.openGuarded(other)).rejects.toMatchObject({ code: "locked" });
  });

  it("is locked when its secret is another's", async () => {
    await ports.secrets.save(new Uint8Array(32).fill(1));
    await expect(new Entrance(ports).open()).rejects.toMatchObject({ code: "locked" });
  });

  it("signs out: the session ends, the keys go, what is left opens nothing", async () => {
    await expect(account.signOut()).resolves.toEqual({ sessionEnded: true });
    expect(server.sessions.size).toBe(0);
    expect(await ports.secrets.load()).toBeUndefined();
    expect(ports.cache.rows().map(({ table }) => table)).toEqual(["keyring"]);
    await expect(new Entrance(ports).open()).rejects.toMatchObject({ code: "not_signed_in" });
  });

  it("signs out without the server, and says so", async () => {
    server.before = () => new NetworkError("offline");
    await expect(account.signOut()).resolves.toEqual({ sessionEnded: false });
    await expect(new Entrance(ports).open()).rejects.toMatchObject({ code: "not_signed_in" });
  });

  it("opens without the server, and status says what is wrong", async () => {
    server.before = () => new NetworkError("offline");
    const account = await new Entrance(ports).open();
    await expect(account.status()).resolves.toMatchObject({
      name: "alice",
      remote: undefined,
      problem: { code: "network" },
    });
    server.before = () => undefined;
    await expect(account.status()).resolves.toMatchObject({
      secretStore: "the memory of a test",
      keyringVersion: 1,
      problem: undefined,
      remote: { version: "0.1.0", keyringVersion: 1, sessions: [{ current: true }] },
    });
  });

  it("keeps nothing half when its disk is full", async () => {
    const on = device();
    on.cache.beforeWrite = (write) => {
      if (write.puts?.some(({ table }) => table === "device")) throw new Error("disk full");
    };
    await expect(signIn(on)).rejects.toThrow("disk full");
    on.cache.beforeWrite = () => undefined;
    await expect(new Entrance(on).open()).rejects.toMatchObject({ code: "not_signed_in" });
  });
});
