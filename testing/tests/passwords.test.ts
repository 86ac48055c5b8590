import { createHash, randomBytes } from "node:crypto";
import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { fromBase64Url } from "@excalibur/core/bytes";
import {
  opaqueClientFinishLogin,
  opaqueClientStartLogin,
  opaqueCreateServerSetup,
  opaqueServerStartLogin,
} from "@excalibur/core/primitives";
import { RecoveryFailedError, SessionEndedError, SignInFailedError } from "@excalibur/sdk";
import { describe, expect, it } from "vitest";
import { CanarySearch, everythingOutside, type StoredValue, World } from "../src/index.ts";

const SURPRISES = { "/letters/για τη μαμά.txt": "Αγαπητή μαμά", "/numbers.csv": "1,2,3", "/empty": "" };

async function fill(device: { write(path: string, text: string): Promise<void> }): Promise<void> {
  for (const [path, text] of Object.entries(SURPRISES)) await device.write(path, text);
}

async function expectEverything(device: { readText(path: string): Promise<string> }): Promise<void> {
  for (const [path, text] of Object.entries(SURPRISES)) expect(await device.readText(path)).toBe(text);
}

const OWN = { deviceName: "new laptop", client: "cli" } as const;

describe("somebody who forgot the password and kept the words", () => {
  it("F4 has every file back, a new password, and nobody else is signed in", async () => {
    await using world = await World.start();
    const { alice } = await world.people("alice");
    await fill(alice.laptop);

    const fresh = await alice.newDevice("new-laptop");
    const words = alice.recoveryWords.toUpperCase().replaceAll(" ", "\n ");
    const newPassword = "a fresh and better one";
    const way = { ...OWN, server: world.origin, name: "alice" };
    fresh.use(await fresh.excalibur.recover({ ...way, words, newPassword }));
    await expectEverything(fresh);

    await expect(alice.phone.catchUp()).rejects.toThrow(SessionEndedError);
    const another = await alice.newDevice("another");
    await expect(alice.signIn(another, "another")).rejects.toThrow(SignInFailedError);
    alice.password = newPassword;
    await alice.signIn(another, "another");
    await expectEverything(another);
  });

  it("F3 is told so when the words are not theirs, and nothing changes", async () => {
    await using world = await World.start();
    const { alice, bob } = await world.people("alice", "bob");
    const fresh = await alice.newDevice("new-laptop");
    const way = { ...OWN, server: world.origin, newPassword: "a fresh and better one" };
    const recover = (name: string, words: string) => fresh.excalibur.recover({ ...way, name, words });

    await expect(recover("alice", bob.recoveryWords)).rejects.toThrow(RecoveryFailedError);
    await expect(recover("nobody-here", bob.recoveryWords)).rejects.toThrow(RecoveryFailedError);
    fresh.network.asked.length = 0;
    const misspelt = "abandon ".repeat(12);
    await expect(recover("alice", misspelt)).rejects.toMatchObject({ code: "recovery_words_invalid" });
    expect(fresh.network.asked).toEqual([]);
    await alice.signIn(fresh, "still with the old password");
  });
});

describe("a server that lost its secrets file", () => {
  it("knows no password any more, and the words still open every account", async () => {
    await using world = await World.start();
    const { alice, bob } = await world.people("alice", "bob");
    await fill(alice.laptop);
    await world.stopServer();
    await rm(join(world.serverFolder, "secrets.json"));
    await world.startServer();
    expect(world.server.context.secretsWereLost).toBe(true);

    const fresh = await alice.newDevice("new-laptop");
    await expect(alice.signIn(fresh, "new-laptop")).rejects.toThrow(SignInFailedError);
    await expect(bob.signIn(fresh, "new-laptop")).rejects.toThrow(SignInFailedError);
    await expectEverything(alice.phone);

    alice.password = "after the accident";
    const way = { ...OWN, server: world.origin, name: "alice", words: alice.recoveryWords };
    fresh.use(await fresh.excalibur.recover({ ...way, newPassword: alice.password }));
    await expectEverything(fresh);
    const another = await alice.device("another");
    await expectEverything(another);
  });
});

describe("changing the password", () => {
  it("B12 keeps the files and this device, and ends the old password and every other session", async () => {
    await using world = await World.start();
    const { alice } = await world.people("alice");
    await fill(alice.laptop);
    await alice.phone.catchUp();

    const account = await alice.laptop.account;
    const passwords = { current: "not the password", next: "the one after that" };
    await expect(account.changePassword(passwords)).rejects.toThrow(SignInFailedError);
    await account.changePassword({ ...passwords, current: alice.password });
    await expectEverything(alice.laptop);

    await expect(alice.phone.catchUp()).rejects.toThrow(SessionEndedError);
    await expect(alice.device("old-password")).rejects.toThrow(SignInFailedError);
    alice.password = passwords.next;
    await expectEverything(await alice.device("new-password"));
  });
});

/** The record and the id that a sign-in is checked against, as they stand in a dump. */
function recordOf(dump: readonly StoredValue[], name: string): { record: Buffer; userId: Buffer } {
  const accounts = dump.filter(({ table }) => table === "accounts");
  const column = (wanted: string) => accounts.filter(({ column }) => column === wanted).map(({ bytes }) => bytes);
  const row = column("name").findIndex((bytes) => bytes.toString() === name);
  return { record: column("opaque_record")[row]!, userId: column("user_id")[row]! };
}

/** Plays both sides of a sign-in without anybody else, as somebody with a dump would to test a guess. */
async function guess(
  stolen: { record: Uint8Array; userId: Uint8Array; serverSetup: Uint8Array },
  { name, password }: { name: string; password: string },
): Promise<boolean> {
  const { record, userId, serverSetup } = stolen;
  const identifiers = { client: `exc:${name}`, server: "excalibur:v1" };
  const { clientState, request } = await opaqueClientStartLogin(password);
  const attempt = { serverSetup, record, credentialIdentifier: userId, request, identifiers };
  const { response } = await opaqueServerStartLogin(attempt);
  try {
    await opaqueClientFinishLogin({ password, clientState, response, identifiers });
    return true;
  } catch {
    // Whatever it is, it is a "no" to somebody who guesses.
    return false;
  }
}

describe("somebody who stole the database", () => {
  it("B3 cannot even test a guess without the secrets file", async () => {
    await using world = await World.start();
    const { alice, bob } = await world.people("alice", "bob");
    const stolen = recordOf(await world.databaseDump(), "alice");
    const right = { name: "alice", password: alice.password };
    const wrong = { name: "alice", password: bob.password };

    const secrets = JSON.parse(await readFile(join(world.serverFolder, "secrets.json"), "utf8"));
    const serverSetup = fromBase64Url(secrets.opaqueServerSetup);
    expect(await guess({ ...stolen, serverSetup }, right)).toBe(true);
    expect(await guess({ ...stolen, serverSetup }, wrong)).toBe(false);

    const madeUp = await opaqueCreateServerSetup();
    expect(await guess({ ...stolen, serverSetup: madeUp }, right)).toBe(false);
    // The best one can make up: the true server's key, which every client sees, with another secret behind the passwords.
    const halfTrue = Buffer.from(serverSetup);
    randomBytes(64).copy(halfTrue);
    expect(await guess({ ...stolen, serverSetup: halfTrue }, right)).toBe(false);
  });

  it("B3 finds no hash of a password in it", async () => {
    await using world = await World.start();
    const { alice } = await world.people("alice");
    await alice.device("one more sign-in");
    const hashes = ["md5", "sha1", "sha256", "sha384", "sha512"].map((name) => ({
      name,
      value: createHash(name).update(alice.password).digest(),
    }));
    const search = new CanarySearch([...hashes, { name: "password", value: alice.password }]);
    expect(search.findAll(await everythingOutside(world))).toEqual([]);
  });
});

describe("a wrong password and an unknown name", () => {
  it("B5 cannot be told apart by what the server says", async () => {
    await using world = await World.start();
    const { alice } = await world.people("alice");
    const shapes: Record<string, string>[][] = [];
    const messages: string[] = [];
    for (const name of ["alice", "nobody-here"]) {
      const device = await world.newDevice(`of ${name}`);
      const seen: Record<string, string>[] = [];
      device.network.interfere("*", async ({ route }, ask) => {
        const answer = await ask();
        const shape = shapeOf(answer.body, answer.headers["content-type"] ?? "");
        seen.push({ route, status: String(answer.status), shape, length: String(answer.body.length) });
        return answer;
      });
      const way = { ...OWN, server: world.origin, name, password: "not the password of anybody" };
      const failure = await device.excalibur.signIn(way).then(
        () => expect.unreachable(),
        (error: unknown) => error as SignInFailedError,
      );
      expect(failure).toBeInstanceOf(SignInFailedError);
      messages.push(failure.message);
      shapes.push(seen);
    }
    expect(messages[0]).toBe(messages[1]);
    expect(shapes[0]).toEqual(shapes[1]);
    expect(shapes[0]!.map(({ route }) => route)).toContain("signInStart");
    await alice.device("with the right password");
  });
});

/** What remains of an answer when every random value is taken out. */
function shapeOf(body: Uint8Array, type: string): string {
  if (!type.includes("json")) return `${type} ${body.length}`;
  const value = JSON.parse(Buffer.from(body).toString()) as Record<string, unknown>;
  const kept = new Set(["code", "title", "status", "type", "detail"]);
  const shape = Object.entries(value).map(([key, item]) => [key, kept.has(key) ? item : String(item).length]);
  return JSON.stringify([type, shape]);
}
