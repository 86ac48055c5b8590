import { mkdir, open, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { amount, count, IS_LONG, LONGEST_MS } from "../../scripts/test/long-mode.ts";
import { type Device, type Person, readTree, sampleBytes, seededRandom, World } from "../src/index.ts";

const SEED = Number(process.env["EXCALIBUR_SEED"] ?? 1);
const ROUNDS = amount({ everyday: 0, long: 40 });
const MiB = 1024 * 1024;
const FILM_BYTES = 22 * MiB;
const FILM = sampleBytes(FILM_BYTES, 1);
/** 16 segments each, as well as the parts of an upload. */
const CHUNKS = Math.ceil(FILM_BYTES / (16 * 262_112));
/** Chunks asked for ahead of the reader, the one that is written, and the one that is noted. */
const CHUNKS_IN_FLIGHT = 5;
const PARTS_IN_FLIGHT = 4;

type Direction = "up" | "down";

/** A command that is killed without a chance to tidy up when so many bytes have travelled. */
async function killedAfter({
  home,
  args,
  direction,
  bytes,
}: {
  home: string;
  args: readonly string[];
  direction: Direction;
  bytes: number;
}): Promise<boolean> {
  let pid = 0;
  let isKilled = false;
  world.wire.whenCarried({ direction, bytes }, () => {
    isKilled = true;
    process.kill(pid, "SIGKILL");
  });
  await world.runCliProgram(home, args, { onStart: (started) => (pid = started) });
  return isKilled;
}

/** Requests that the server has answered on a route, leaving out those for a header only. */
function answered(route: string): number {
  const lines = world
    .logs()
    .split("\n")
    .filter((line) => line.includes(`"route":"${route}"`));
  return lines
    .map((line) => JSON.parse(line) as { sentBytes: number; receivedBytes: number })
    .filter(({ sentBytes, receivedBytes }) => sentBytes > 1000 || receivedBytes > 1000).length;
}

async function partials(folder: string): Promise<string[]> {
  return (await readdir(folder)).filter((name) => name.endsWith(".part"));
}

let world: World;
let alice: Person;
let films = 0;

beforeAll(async () => {
  world = await World.start();
  ({ alice } = await world.people("alice"));
});
afterAll(() => world[Symbol.asyncDispose]());

interface FilmStory {
  readonly laptop: Device;
  readonly name: string;
  readonly local: string;
  readonly get: readonly string[];
}

/** A film is on the drive, and there is a folder for it. */
async function withFilm(): Promise<FilmStory> {
  const name = `film-${++films}`;
  await alice.phone.write(`/${name}`, FILM);
  const local = await world.localFolder("fetched");
  return { laptop: alice.laptop, name, local, get: ["get", `/${name}`, local] };
}

async function fetchedAgain({ laptop, get }: FilmStory): Promise<number> {
  const before = answered("getObject");
  expect(await world.runCli(laptop.home, get)).toMatchObject({ exitCode: 0 });
  return answered("getObject") - before;
}

describe("a get that is killed", { timeout: 120_000 }, () => {
  it("goes on where it was, also after both sides were started again", async () => {
    const story = await withFilm();
    const { laptop, local, get, name } = story;
    expect(await killedAfter({ home: laptop.home, args: get, direction: "down", bytes: 14 * MiB })).toBe(true);
    expect(await partials(local)).toEqual(await readdir(local));
    await world.restart();
    const again = await fetchedAgain(story);
    expect(again).toBeLessThanOrEqual(CHUNKS - Math.floor(14 / 4) + CHUNKS_IN_FLIGHT);
    expect(again).toBeLessThan(CHUNKS);
    expect(await readdir(local)).toEqual([name]);
    expect((await readFile(join(local, name))).equals(FILM)).toBe(true);
  });

  it("trusts nothing of what it finds: where it was changed, it is fetched again", async () => {
    const story = await withFilm();
    const { laptop, local, get, name } = story;
    await killedAfter({ home: laptop.home, args: get, direction: "down", bytes: 17 * MiB });
    const [unfinished] = await partials(local);
    const partial = await open(join(local, unfinished!), "r+");
    await partial.write(Buffer.from("something else"), 0, 14, 5 * MiB);
    await partial.close();
    // The first chunk is as it was, and everything from the second on comes anew.
    expect(await fetchedAgain(story)).toBe(CHUNKS - 1);
    expect((await readFile(join(local, name))).equals(FILM)).toBe(true);
    expect(await readdir(local)).toEqual([name]);
  });

  it("fetches the version of now, and leaves nothing of the one before", async () => {
    const story = await withFilm();
    const { laptop, local, get, name } = story;
    await killedAfter({ home: laptop.home, args: get, direction: "down", bytes: 14 * MiB });
    const newer = sampleBytes(FILM_BYTES, 2);
    await alice.phone.write(`/${name}`, newer, { onConflict: "replace" });
    expect(await fetchedAgain(story)).toBe(CHUNKS);
    expect((await readFile(join(local, name))).equals(newer)).toBe(true);
    expect(await readdir(local)).toEqual([name]);
  });

  if (IS_LONG) {
    it("or stopped by Ctrl-C or a dead network leaves what it has, in one file", async () => {
      const story = await withFilm();
      const { laptop, local, get, name } = story;
      let pid = 0;
      world.wire.whenCarried({ direction: "down", bytes: 12 * MiB }, () => void process.kill(pid, "SIGINT"));
      const stopped = await world.runCliProgram(laptop.home, get, { onStart: (started) => (pid = started) });
      expect(stopped.exitCode).toBe(130);
      expect(await partials(local)).toHaveLength(1);
      world.wire.whenCarried({ direction: "down", bytes: 8 * MiB }, () => {
        world.wire.leadTo("nowhere");
        world.wire.dropAll();
      });
      expect((await world.runCli(laptop.home, get)).exitCode).toBe(1);
      expect(await partials(local)).toHaveLength(1);
      await world.restart();
      expect(await fetchedAgain(story)).toBeLessThanOrEqual(CHUNKS - Math.floor(12 / 4) + CHUNKS_IN_FLIGHT);
      expect(await readdir(local)).toEqual([name]);
      expect((await readFile(join(local, name))).equals(FILM)).toBe(true);
    });
  }
});

describe("a put that is killed", { timeout: 120_000 }, () => {
  async function withLocalFilm() {
    const name = `film-${++films}`;
    const path = join(await world.localFolder("films"), name);
    await writeFile(path, FILM);
    return { laptop: alice.laptop, phone: alice.phone, name, path, put: ["put", path, "/"] };
  }

  it("goes on where it was, also after both sides were started again, and is listed once", async () => {
    const { laptop, phone, name, put } = await withLocalFilm();
    const before = answered("putPart");
    await killedAfter({ home: laptop.home, args: put, direction: "up", bytes: 14 * MiB });
    await world.restart();
    await phone.catchUp();
    expect(await phone.names("/")).not.toContain(name);
    expect(await world.runCli(laptop.home, put)).toMatchObject({ exitCode: 0 });
    expect(answered("putPart") - before).toBeLessThanOrEqual(CHUNKS + PARTS_IN_FLIGHT);
    await phone.catchUp();
    expect((await phone.names("/")).filter((found) => found === name)).toHaveLength(1);
    expect((await phone.read(`/${name}`)).equals(FILM)).toBe(true);
  });

  it("notices a source that changed meanwhile, and stores it as it is now", async () => {
    const { laptop, phone, name, path, put } = await withLocalFilm();
    await killedAfter({ home: laptop.home, args: put, direction: "up", bytes: 14 * MiB });
    const newer = sampleBytes(FILM_BYTES, 2);
    await writeFile(path, newer);
    expect(await world.runCli(laptop.home, put)).toMatchObject({ exitCode: 0 });
    await phone.catchUp();
    expect((await phone.read(`/${name}`)).equals(newer)).toBe(true);
  });
});

/** A tree of small and large files, about 44 MiB. */
async function growTree(folder: string): Promise<void> {
  for (let n = 0; n < 60; n++) await writeFile(join(folder, `small-${n}`), sampleBytes(400_000 + n, n));
  for (let n = 0; n < 2; n++) await writeFile(join(folder, `large-${n}`), sampleBytes(10 * MiB, 100 + n));
}

/** Runs a command to its end, killed at some moments before; how often it was. */
async function killedSometimes(
  { home, args, direction }: { home: string; args: readonly string[]; direction: Direction },
  random: () => number,
): Promise<number> {
  let kills = 0;
  for (; kills < 3; kills++) {
    const bytes = Math.floor(MiB * (0.01 + random() * 24));
    if (!(await killedAfter({ home, args, direction, bytes }))) break;
  }
  expect(await world.runCli(home, args)).toMatchObject({ exitCode: 0 });
  return kills;
}

if (IS_LONG) {
  describe("a tree", { timeout: LONGEST_MS }, () => {
    it(`that is killed again and again on its way up and down arrives whole, with nothing left over (seed ${SEED})`, async ({
      task,
    }) => {
      const { home } = alice.laptop;
      const random = seededRandom(SEED);
      let kills = 0;
      for (let round = 0; round < ROUNDS; round++) {
        const [here, there] = [await world.localFolder("here"), await world.localFolder("there")];
        const tree = join(here, `tree-${round}`);
        await mkdir(tree);
        await growTree(tree);
        kills += await killedSometimes(
          { home, args: ["put", "-r", "--skip-same", tree, "/"], direction: "up" },
          random,
        );
        const get = ["get", "-r", "--skip-same", `/tree-${round}`, there];
        kills += await killedSometimes({ home, args: get, direction: "down" }, random);
        expect(await readTree(there)).toEqual(await readTree(here));
      }
      expect(kills).toBeGreaterThanOrEqual(ROUNDS * 2);
      count(task, { "kills of a client": kills });
    });
  });
}
