/** Servers that keep a client busy: with histories, hashes, parts, pauses and announcements that never end. */

import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fromBase64Url, toBase64Url } from "@excalibur/core/bytes";
import { decodeCommit, signCommit } from "@excalibur/core/volume/record";
import { ApiError, isViolation, NetworkError } from "@excalibur/sdk";
import { describe, expect, it } from "vitest";
import { forgetDrive, refusalOf, truthOf } from "../../src/attacks/index.ts";
import { openSource, problemAnswer, sampleBytes, World } from "../../src/index.ts";

/** More requests than this of one route are a circle: the connection ends, and so does the test, in red. */
function circleAfter(most: number): () => void {
  let left = most;
  return () => {
    left -= 1;
    if (left < 0) throw new TypeError(`The client asked more than ${most} times.`);
  };
}

interface Commits {
  readonly commits: readonly string[];
  readonly headSequence: number;
  readonly headHash: string;
  readonly more: boolean;
}

describe("a history", () => {
  it("D6 that never comes to the head it is said to have is refused, and not followed for ever", async () => {
    // given: a device that forgot its drive, and a keyring that says how far it had been
    await using world = await World.start();
    const { alice } = await world.people("alice");
    await alice.laptop.makeFolder("/first");
    await (await alice.laptop.account).signOut();
    await alice.signIn(alice.laptop, "laptop");
    for (const name of ["/second", "/third"]) await alice.phone.makeFolder(name);
    const device = await forgetDrive(world, alice.laptop);
    // when: between the remembered head and the offered one lies a chain of invented commits that all have one number
    const count = circleAfter(40);
    let at: Uint8Array | undefined;
    device.network.alterJson<Commits>("listCommits", (reply, { query }) => {
      count();
      const after = decodeCommit(fromBase64Url(reply.commits[0]!));
      const invented = signCommit(
        { ...after, sequence: Number(query.get("after")), previousCommitHash: at ?? after.previousCommitHash },
        new Uint8Array(32).fill(7),
      );
      at = decodeCommit(invented).hash;
      return { ...reply, commits: [toBase64Url(invented)], more: true };
    });
    // then
    const before = await truthOf(device);
    expect(isViolation(await refusalOf(device.names("/")))).toBe(true);
    expect(await truthOf(device)).toEqual(before);
    device.network.behave();
    expect(await device.names("/")).toEqual(["first", "second", "third"]);
  });

  it("D6 of a keyring under an invented number is refused before its hashes are asked for", async () => {
    await using world = await World.start();
    const { alice } = await world.people("alice");
    const { laptop } = alice;
    const account = await laptop.account;
    const count = circleAfter(20);
    laptop.network.alterJson<{ version: number }>("getKeyring", (reply) => ({ ...reply, version: 2 ** 47 }));
    laptop.network.interfere("getKeyringHashes", async (_, ask) => {
      count();
      const answer = await ask();
      const hashes = Array.from({ length: 1_000 }, () => toBase64Url(new Uint8Array(32)));
      const body = Buffer.from(JSON.stringify({ hashes }));
      return { ...answer, headers: { ...answer.headers, "content-length": String(body.length) }, body };
    });
    const before = await truthOf(laptop);
    const { password } = alice;
    const signingIn = laptop.excalibur.signIn({
      ...{ server: world.origin, name: "alice", password, deviceName: "laptop", client: "cli" },
    });
    expect(isViolation(await refusalOf(signingIn))).toBe(true);
    expect(laptop.network.asked).not.toContain("getKeyringHashes");
    expect(await truthOf(laptop)).toEqual(before);
    laptop.network.behave();
    await laptop.makeFolder("/goes on");
    await account.close();
  });
});

describe("an upload that goes on", () => {
  it("C11 takes no more parts for received than its file has, whatever runs a server lists", async () => {
    await using world = await World.start();
    const { alice } = await world.people("alice");
    const { laptop } = alice;
    const bytes = sampleBytes(9_000_000, 5);
    const path = join(await world.localFolder("uploads"), "long");
    await writeFile(path, bytes);
    laptop.network.interfere("completeUpload", () => Promise.reject(new NetworkError("Gone.", { temporary: false })));
    expect((await refusalOf(laptop.write("/long", await openSource(path)))).code).toBe("network");
    laptop.network.behave();
    laptop.network.alterJson("getUpload", (reply) => ({
      ...reply,
      received: [...Array.from({ length: 1_000 }, () => [0, Number.MAX_SAFE_INTEGER]), [5, 1]],
    }));
    await laptop.write("/long", await openSource(path));
    laptop.network.behave();
    expect((await alice.phone.read("/long")).equals(bytes)).toBe(true);
  });
});

describe("a server that asks for a pause", () => {
  it("G6 of years is not waited for, whatever its reason", async () => {
    await using world = await World.start();
    const { alice } = await world.people("alice");
    const { laptop } = alice;
    await laptop.makeFolder("/there");
    for (const [code, status] of [
      ["unavailable", 503],
      ["shutting_down", 503],
      ["rate_limited", 429],
    ] as const) {
      laptop.network.interfere("listCommits", async () =>
        problemAnswer(code, status, { retryAfterMs: 2 ** 31 - 1_000 }),
      );
      const error = await refusalOf(laptop.catchUp());
      expect(error).toBeInstanceOf(ApiError);
      expect(error.code).toBe(code);
    }
    laptop.network.behave();
    expect(await laptop.names("/")).toEqual(["there"]);
  });
});

describe("a server that announces", () => {
  it("G6 the same news thousands of times is asked a few times, and what is new is there", async () => {
    await using world = await World.start();
    const { alice } = await world.people("alice");
    const { laptop, phone } = alice;
    await phone.catchUp();
    const { promise: heard, resolve } = Promise.withResolvers<void>();
    phone.network.interfereFrames((frame) => {
      const isNews = frame.includes('"commit"');
      if (isNews) setTimeout(resolve, 0);
      return isNews ? Array.from({ length: 5_000 }, () => frame) : [frame];
    });
    const connected = new Promise<void>((there) => {
      phone.network.interfere("createTicket", async (_, ask) => {
        const ticket = await ask();
        setTimeout(there, 0);
        return ticket;
      });
    });
    const problems: unknown[] = [];
    const account = await phone.account;
    const stop = await account.follow({ onProblem: (problem) => problems.push(problem) });
    await connected;
    const advanced = new Promise<void>(
      (there) => void phone.drive.then(({ volume }) => volume.onAdvance(() => there())),
    );
    const before = phone.network.asked.length;
    // Until its socket is open it is told nothing: then it catches up by itself, which is no news.
    for (let number = 0; !phone.network.asked.slice(before).includes("listCommits") && number < 20; number++) {
      await laptop.makeFolder(`/news ${number}`);
    }
    await Promise.all([advanced, heard]);
    stop();
    await phone.catchUp();
    const asked = phone.network.asked.slice(before).filter((route) => route === "listCommits").length;
    expect(asked).toBeLessThan(60);
    expect(problems).toEqual([]);
    expect(await phone.names("/")).toEqual(await laptop.names("/"));
  });
});

describe("a clock", () => {
  it("G5 that is wrong by ten years either way changes nothing but how requests are signed", async () => {
    const TEN_YEARS_MS = 10 * 365 * 86_400_000;
    await using world = await World.start();
    const { alice } = await world.people("alice");
    await alice.laptop.write("/file", "content");
    for (const clockOffsetMs of [TEN_YEARS_MS, -TEN_YEARS_MS]) {
      const device = await alice.device(`clock ${clockOffsetMs}`, { clockOffsetMs });
      expect(await device.readText("/file")).toBe("content");
      await device.write(`/of ${clockOffsetMs}`, "another");
      await alice.laptop.catchUp();
      expect(await alice.laptop.readText(`/of ${clockOffsetMs}`)).toBe("another");
    }
  });
});

describe("a server's clock", () => {
  it("G5 that shows a time beyond all times moves no commit there, after which nobody could write any more", async () => {
    await using world = await World.start();
    const { alice } = await world.people("alice");
    const { laptop } = alice;
    await laptop.makeFolder("/before");
    for (const timeMs of [Number.MAX_SAFE_INTEGER, 2 ** 48, Date.UTC(2500, 0)]) {
      laptop.network.alterJson("getClock", () => ({ timeMs }));
      let isFirst = true;
      laptop.network.interfere("listCommits", async (_, ask) => {
        if (!isFirst) return ask();
        isFirst = false;
        return problemAnswer("clock_skew", 401);
      });
      expect((await refusalOf(laptop.catchUp())).code).toBe("malformed_reply");
    }
    laptop.network.behave();
    await laptop.makeFolder("/after");
    const { head } = (await laptop.drive).volume;
    expect(head.sequence).toBe(2);
    await alice.phone.makeFolder("/of another device");
    expect(await alice.phone.names("/")).toEqual(["after", "before", "of another device"]);
  });
});
