import { afterAll, beforeAll, expect, it } from "vitest";
import { type Person, sampleBytes, World } from "../src/index.ts";

const SEGMENT_BYTES = 262_144;
const FILM = sampleBytes(5 * 1024 * 1024, 1);

let world: World;
let alice: Person;

beforeAll(async () => {
  world = await World.start();
  ({ alice } = await world.people("alice"));
  await alice.laptop.write("/film", FILM);
});
afterAll(() => world[Symbol.asyncDispose]());

/** How many bytes each question asked for, in their order; the header is left out. */
async function watch(isWatched: boolean): Promise<{ readonly asked: number[]; readonly bytes: Buffer }> {
  const { phone } = alice;
  const { downloads } = await phone.drive;
  const { entry } = await phone.find("/film");
  const asked: number[] = [];
  phone.network.interfere("getObject", async (exchange, ask) => {
    const [, first, last] = /^bytes=(\d+)-(\d+)$/.exec(exchange.headers["range"] ?? "") ?? [];
    if (Number(last) > SEGMENT_BYTES / 2) asked.push(Number(last) - Number(first) + 1);
    return ask();
  });
  const pieces: Buffer[] = [];
  for await (const piece of downloads.read(entry.file!, { start: 100_000, end: FILM.length }, { isWatched })) {
    pieces.push(Buffer.from(piece));
  }
  phone.network.behave();
  return { asked, bytes: Buffer.concat(pieces) };
}

it("whoever waits for the first byte of a film is given a little soon, then more at a time", async () => {
  const { asked, bytes } = await watch(true);
  expect(asked.slice(0, 4).map((length) => length / SEGMENT_BYTES)).toEqual([1, 2, 4, 8]);
  expect(bytes.equals(FILM.subarray(100_000))).toBe(true);
});

it("whoever waits for all of it asks for as much as fits", async () => {
  const { asked, bytes } = await watch(false);
  expect(asked[0]).toBe(16 * SEGMENT_BYTES);
  expect(bytes.equals(FILM.subarray(100_000))).toBe(true);
});
