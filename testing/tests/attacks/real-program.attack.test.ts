/** `excalibur`, whose server is a proxy that lies: what it says, how it ends, what it leaves on the disk and asks for afterwards. */

import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { toBase64Url } from "@excalibur/core/bytes";
import { EXEF_HEADER_SIZE, EXEF_SEGMENT_SIZE } from "@excalibur/core/exef/public";
import type { SignedIn } from "@excalibur/core/protocol";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { IS_LONG } from "../../../scripts/test/long-mode.ts";
import {
  type Answer,
  type EvilProxy,
  type Exchange,
  type Person,
  sampleBytes,
  World,
  withBody,
} from "../../src/index.ts";

const FILM = sampleBytes(2_400_000, 3);

let world: World;
let proxy: EvilProxy;
let alice: Person;

const excalibur = (...args: string[]) => world.runCli(alice.phone.home, args);
const codeOf = ({ stderr }: { readonly stderr: string }) =>
  (JSON.parse(stderr.trim().split("\n").at(-1) ?? "") as { error: { code: string } }).error.code;

/** What was asked since, in the order of asking. */
function watch(): () => string[] {
  const before = proxy.asked.length;
  return () => proxy.asked.slice(before);
}

beforeAll(async () => {
  world = await World.start();
  ({ alice } = await world.people("alice"));
  await alice.laptop.write("/films/film", FILM);
  await alice.laptop.write("/films/note", "a note");
  await alice.laptop.write("/other/note", "another note");
  proxy = await world.turnEvil();
});
afterAll(() => world[Symbol.asyncDispose]());
afterEach(() => proxy.behave());

describe("excalibur, whose server hands out another slot", () => {
  it("A1 ends with 3, sends nothing more, and is signed in nowhere", async () => {
    const home = await world.localFolder("home");
    const signIn = () =>
      world.runCliProgram(home, ["sign-in", "alice", "--server", world.origin, "--password-stdin", "--json"], {
        stdin: alice.password,
      });
    proxy.alterJson<SignedIn>("signInFinish", (reply) => ({
      ...reply,
      slot: { ...reply.slot, sealed: toBase64Url(sampleBytes(658, 5)) },
    }));
    const asked = watch();
    const refused = await signIn();
    expect(refused.exitCode, refused.stderr).toBe(3);
    expect(asked().at(-1)).toBe("signInFinish");
    expect((await world.runCli(home, ["whoami"])).exitCode).toBe(4);
    proxy.behave();
    expect((await signIn()).exitCode).toBe(0);
  });
});

describe("excalibur, whose server hands out other bytes of a file", () => {
  /** The answer with one byte of the object changed at a place of it. */
  function flipAt(place: number) {
    return (answer: Answer, { headers }: Exchange): Answer => {
      const first = Number(/^bytes=(\d+)-/.exec(headers["range"] ?? "")?.[1] ?? 0);
      const at = place - first;
      if (at < 0 || at >= answer.body.length) return answer;
      const bytes = Buffer.from(answer.body);
      bytes[at] = bytes[at]! ^ 1;
      return withBody(answer, bytes);
    };
  }
  const PLACES = {
    "the fifth segment": EXEF_HEADER_SIZE + 5 * EXEF_SEGMENT_SIZE - 9,
    ...(IS_LONG ? { "the header": 50 } : {}),
  };

  it.each(Object.entries(PLACES))(
    "C5, C6 in %s ends with 3, and what it wrote is a verified beginning or nothing",
    async (_, place) => {
      const target = await world.localFolder("target");
      // given: nobody lies
      expect((await excalibur("get", "/films/film", target)).exitCode).toBe(0);
      expect((await readFile(join(target, "film"))).equals(FILM)).toBe(true);
      // when
      const change = flipAt(place);
      proxy.interfere("getObject", async (exchange, ask) => change(await ask(), exchange));
      const asked = watch();
      const empty = await world.localFolder("empty");
      const got = await excalibur("get", "/films/film", empty, "--json");
      const written = await excalibur("cat", "/films/film");
      // then
      expect([got.exitCode, written.exitCode], got.stderr).toEqual([3, 3]);
      expect(await readdir(empty)).toEqual([]);
      expect(written.stdoutBytes.equals(FILM.subarray(0, written.stdoutBytes.length))).toBe(true);
      expect(written.stdoutBytes.length).toBeLessThanOrEqual(Math.max(0, place - EXEF_HEADER_SIZE));
      expect(new Set(asked())).toEqual(new Set(["listCommits", "getObject", "getProof"]));
    },
  );

  it("C3, G6 and breaks off, or says that it has none, ends with 1, leaves nothing, and is no deletion", async () => {
    const lies: ((answer: Answer) => Answer)[] = [
      (answer) => withBody(answer, answer.body.subarray(0, -1)),
      (answer) => ({ ...answer, status: 404, headers: { ...answer.headers, "content-type": "text/html" } }),
    ];
    for (const lie of lies) {
      proxy.interfere("getObject", async (_, ask) => lie(await ask()));
      const target = await world.localFolder("target");
      const { exitCode, stderr } = await excalibur("get", "/films/film", target);
      expect(exitCode, stderr).toBe(1);
      expect(await readdir(target)).toEqual([]);
    }
  });
});

describe("excalibur, whose server hands out other folders", () => {
  it("D1, D3 ends with 3, names no file from them, and goes on when they are right", async () => {
    const fresh = await alice.device("another phone");
    const ls = () => world.runCli(fresh.home, ["ls", "-R", "/", "--json"]);
    const records = new Map<string, Buffer>();
    proxy.alter("fetchPages", (body) => {
      const bytes = Buffer.from(body);
      const first = bytes.subarray(0, 4 + bytes.readUInt32BE(0));
      records.set(first.subarray(24, 40).toString("hex"), first);
      // Each page in the place of one that was asked for before it.
      return [...records.values()][0]!;
    });
    const asked = watch();
    const listed = await ls();
    expect(listed.exitCode, listed.stderr).toBe(3);
    expect(listed.stdout).not.toContain("note");
    expect(asked().filter((route) => /^(post|put|create)/.test(route))).toEqual([]);
    proxy.behave();
    const right = await ls();
    expect(right.exitCode, right.stderr).toBe(0);
    expect(right.stdout).toContain("note");
  });
});

describe("excalibur, whose server shows yesterday", () => {
  it("D6 ends with 3, whatever it is asked to do, and remembers today", async () => {
    const yesterday = new Map<string, Answer>();
    proxy.interfere("*", async ({ route }, ask) => {
      const answer = await ask();
      if (route === "listCommits") yesterday.set(route, answer);
      return answer;
    });
    expect((await excalibur("mkdir", "/d6")).exitCode).toBe(0);
    proxy.behave();
    expect((await excalibur("mkdir", "/d6/newer")).exitCode).toBe(0);
    proxy.alterJson<{ headSequence: number }>("listCommits", (reply) => ({
      ...reply,
      ...{ commits: [], headSequence: reply.headSequence - 1, more: false },
    }));
    for (const args of [["ls"], ["mkdir", "/d6/another"]]) {
      const asked = watch();
      const ended = await excalibur(...args, "--json");
      expect([ended.exitCode, codeOf(ended)], ended.stderr).toEqual([3, "rollback"]);
      expect(asked()).not.toContain("postCommit");
    }
    proxy.behave();
    expect((await excalibur("ls", "/d6")).stdout).toContain("newer");
  });
});

describe("excalibur, whose server lies about an upload", () => {
  it("C11 ends with 3, lists nothing, and the local file stays", async () => {
    const local = join(await world.localFolder("uploads"), "long");
    await writeFile(local, sampleBytes(1_500_000, 8));
    const root = toBase64Url(new Uint8Array(32).fill(7));
    proxy.alterJson("completeUpload", (reply) => ({ ...reply, root }));
    const asked = watch();
    const ended = await excalibur("put", "-p", local, "/c11", "--json");
    expect(ended.exitCode, ended.stderr).toBe(3);
    // A folder may have been made for it; no file was listed.
    expect(asked().slice(asked().indexOf("completeUpload") + 1)).not.toContain("postCommit");
    proxy.behave();
    expect((await readFile(local)).length).toBe(1_500_000);
    expect((await excalibur("put", "-p", local, "/c11")).exitCode).toBe(0);
  });
});

describe("excalibur, whose server's words are no words", () => {
  it("D10 shows no control characters of theirs, and no times that no calendar has", async () => {
    const evil = "\u001b[31m\u001b]0;title\u0007\u202egnp.exe";
    proxy.alterJson("getVersion", (reply) => ({ ...reply, version: evil }));
    proxy.alterJson<{ sessions: object[] }>("listSessions", (reply) => ({
      sessions: reply.sessions.map((session) => ({
        ...session,
        ...{ deviceName: evil, createdMs: Number.MAX_SAFE_INTEGER, lastUsedMs: Number.MAX_SAFE_INTEGER },
      })),
    }));
    proxy.alterJson("getAccount", (reply) => ({ ...reply, usedBytes: Number.MAX_SAFE_INTEGER, quotaBytes: 0 }));
    for (const args of [["status"], ["status", "--json"]]) {
      const { exitCode, stdout, stderr } = await excalibur(...args);
      expect(exitCode, stderr).toBe(0);
      // JSON tells texts as they are, escaped as JSON escapes them; a person is shown nothing that moves a terminal.
      const controls = args.includes("--json") ? /\u001b|\u0007/ : /\u001b|\u0007|\u202e/;
      expect(stdout + stderr).not.toMatch(controls);
    }
  });
});
