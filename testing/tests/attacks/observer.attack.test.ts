/** What somebody learns who only looks on: sizes, repetitions, and what a client does after it has found something out. */

import { ciphertextLength, EXEF_HEADER_SIZE } from "@excalibur/core/exef/public";
import { ROUTES } from "@excalibur/core/protocol";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { amount } from "../../../scripts/test/long-mode.ts";
import { refusalOf, truthOf } from "../../src/attacks/index.ts";
import {
  type Answer,
  type Device,
  type EvilServer,
  type Person,
  sampleBytes,
  World,
  withBody,
} from "../../src/index.ts";

let world: World;
let alice: Person;
let laptop: Device;

beforeAll(async () => {
  world = await World.start();
  ({ alice } = await world.people("alice"));
  ({ laptop } = alice);
});
afterAll(() => world[Symbol.asyncDispose]());

async function fileAt(path: string) {
  return (await laptop.find(path)).entry.file!;
}

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString("hex");

describe("what is stored", () => {
  it("C12 has the length that its size gives, whether it could be compressed or not", async () => {
    for (const sizeBytes of [0, 511, 4_000, 300_000]) {
      await laptop.write(`/c12/even ${sizeBytes}`, new Uint8Array(sizeBytes));
      await laptop.write(`/c12/noise ${sizeBytes}`, sampleBytes(sizeBytes, 9));
      const lengths = [await fileAt(`/c12/even ${sizeBytes}`), await fileAt(`/c12/noise ${sizeBytes}`)].map(
        (file) => file.ciphertextLength,
      );
      expect(lengths).toEqual([ciphertextLength(sizeBytes), ciphertextLength(sizeBytes)]);
    }
  });

  it("C13 shares nothing with an equal file, and no route asks whether the server has it already", async () => {
    const bytes = sampleBytes(5_000, 13);
    await laptop.write("/c13/one", bytes);
    await laptop.write("/c13/two", bytes);
    const [one, two] = [await fileAt("/c13/one"), await fileAt("/c13/two")];
    for (const field of ["objectId", "fileKey", "root"] as const) expect(hex(one[field])).not.toBe(hex(two[field]));
    // Ids are random and drawn before the content is read: there is nothing to ask with.
    expect(ROUTES.map(({ id }) => id).filter((id) => /exist|dedup|known|have/i.test(id))).toEqual([]);
  });

  it("A11 has a key and an IV of its own at every save, and earlier ones come back at none", async () => {
    const seen = new Set<string>();
    const saves = amount({ everyday: 12, long: 1_000 });
    laptop.network.interfere("postBatch", async ({ body }, ask) => {
      // EXB3 ‖ n4 … : the object itself is the end of the body, and its FLOE IV stands at 42 in it.
      const object = body.subarray(body.length - ciphertextLength(600));
      for (const part of [object.subarray(8, 24), object.subarray(42, 74), object.subarray(110, 122)])
        seen.add(hex(part));
      return ask();
    });
    for (let save = 0; save < saves; save++) {
      await laptop.write("/a11", new Uint8Array(600), { onConflict: "replace" });
      seen.add(hex((await fileAt("/a11")).fileKey));
    }
    laptop.network.behave();
    expect(seen.size).toBe(saves * 4);
  });

  it("D13 shows of a folder its padded size only: names of any length up to the next step look the same", async () => {
    const sizes = new Map<number, number>();
    laptop.network.interfere("putPages", async ({ body }, ask) => {
      sizes.set(body.length, (sizes.get(body.length) ?? 0) + 1);
      return ask();
    });
    const names = ["a", "ab", "a longer name.txt", "n".repeat(60), "дом", "x".repeat(24)];
    for (const [index, name] of names.entries()) await laptop.makeFolder(`/d13 ${index}/${name}`);
    sizes.clear();
    // Each of these is one entry in a folder of its own; what differs is the length of the name.
    for (const [index, name] of names.entries()) await laptop.rename(`/d13 ${index}/${name}`, `${name}!`);
    laptop.network.behave();
    expect([...sizes]).toHaveLength(1);
  });
});

/** Answers of a route with one byte flipped near their end, in the middle, or exchanged for noise. */
const DAMAGES: Readonly<Record<string, (answer: Answer) => Answer>> = {
  "a tag": (answer) => flipped(answer, answer.body.length - 1),
  "a byte of the first segment": (answer) => flipped(answer, EXEF_HEADER_SIZE + 40),
  "the header's tag": (answer) => flipped(answer, 90),
  "a version": (answer) => flipped(answer, 5),
  noise: (answer) => withBody(answer, sampleBytes(answer.body.length, 3)),
};

function flipped(answer: Answer, at: number): Answer {
  const bytes = Buffer.from(answer.body);
  const place = Math.min(at, bytes.length - 1);
  bytes[place] = bytes[place]! ^ 1;
  return withBody(answer, bytes);
}

async function askedAfter(route: string, evil: EvilServer, act: () => Promise<unknown>): Promise<string[]> {
  const before = evil.asked.length;
  await refusalOf(act());
  const all = evil.asked.slice(before);
  return all.slice(all.indexOf(route));
}

describe("what a client found out", () => {
  it("G1 shows in nothing that it sends: whatever was wrong, the same requests follow, and none of them says what", async () => {
    await laptop.write("/g1/file", sampleBytes(400_000, 4));
    const { phone } = alice;
    await phone.find("/g1/file");
    const before = await truthOf(phone);
    phone.network.record();
    const followed = new Map<string, string[]>();
    for (const [what, damage] of Object.entries(DAMAGES)) {
      phone.network.interfere("getObject", async (_, ask) => damage(await ask()));
      followed.set(what, await askedAfter("getObject", phone.network, () => phone.read("/g1/file")));
      phone.network.behave();
    }
    expect(new Set([...followed.values()].map((routes) => [...routes].sort().join(" "))).size).toBe(1);
    for (const routes of followed.values()) expect(new Set(routes)).toEqual(new Set(["getObject", "getProof"]));
    for (const { method, body } of phone.network.recorded) expect([method, body.length]).toEqual(["GET", 0]);
    expect(await truthOf(phone)).toEqual(before);
    expect((await phone.read("/g1/file")).length).toBe(400_000);
  });
});
