import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { amount, count, IS_LONG, LONGEST_MS, spread } from "../../scripts/test/long-mode.ts";
import { type CliRun, type Person, type Step, Steps, sampleBytes, World } from "../src/index.ts";

const FAILING_DISK = pathToFileURL(resolve(import.meta.dirname, "../../cli/src/testing/failing-disk.ts")).href;
/** Steps of each story at which a client is killed, and as many at which its disk fails. */
const STEPS = amount({ everyday: 1, long: 24 });
const CODES = ["ENOSPC", "EIO", "EROFS"];
/** What a person is told when it is this computer's disk, with what to do; never that the program does not understand it. */
const TOLD = /\((local_\w+)\)/;

const SMALL = sampleBytes(300_000, 1);
const LARGE = sampleBytes(9_000_000, 2);
const OLD = sampleBytes(2_000, 3);

/** A command that uses the disk, what it leaves behind, and what it must never leave. */
interface Story {
  readonly what: string;
  /** Where it matters most: for runs that have no time for every step. */
  readonly dying: string;
  readonly failing: string;
  readonly begin: (name: string) => Promise<Begun>;
}

interface Begun {
  readonly home: string;
  readonly args: readonly string[];
  readonly stdin?: string;
  /** However it went: what stands under a real name is whole. */
  readonly expectSound: () => Promise<void>;
  /** It came to its end: everything is there, and nothing else. */
  readonly expectDone: () => Promise<void>;
}

let world: World;
let alice: Person;

beforeAll(async () => {
  world = await World.start();
  ({ alice } = await world.people("alice"));
  await alice.phone.write("/films/small", SMALL);
  await alice.phone.write("/films/large", LARGE);
});
afterAll(() => world[Symbol.asyncDispose]());

async function contentOf(folder: string): Promise<Map<string, Buffer>> {
  const names = await readdir(folder);
  return new Map(await Promise.all(names.map(async (name) => [name, await readFile(join(folder, name))] as const)));
}

const WHOLE = { small: SMALL, large: LARGE };

const STORIES: readonly Story[] = [
  {
    what: "a put",
    dying: "state commit",
    failing: "state begin",
    begin: async (name) => {
      const tree = join(await world.localFolder("here"), name);
      await mkdir(tree);
      for (const [file, bytes] of Object.entries(WHOLE)) await writeFile(join(tree, file), bytes);
      const expectSound = async () => {
        await alice.phone.catchUp();
        const there = (await alice.phone.names("/")).includes(name) ? await alice.phone.names(`/${name}`) : [];
        for (const file of there as (keyof typeof WHOLE)[])
          expect((await alice.phone.read(`/${name}/${file}`)).equals(WHOLE[file]), file).toBe(true);
        for (const [file, bytes] of await contentOf(tree))
          expect(bytes.equals(WHOLE[file as keyof typeof WHOLE]), file).toBe(true);
      };
      return {
        ...{ home: alice.laptop.home, args: ["put", "-r", "--skip-same", tree, "/"], expectSound },
        expectDone: async () => {
          await expectSound();
          expect((await alice.phone.names(`/${name}`)).sort()).toEqual(["large", "small"]);
        },
      };
    },
  },
  {
    what: "a get",
    dying: "link .excalibur-PID-ID.part",
    failing: "write .excalibur-PID-ID.part",
    begin: async () => {
      const target = await world.localFolder("there");
      const folder = join(target, "films");
      const expectSound = async () => {
        const there = (await readdir(target)).includes("films") ? await contentOf(folder) : new Map<string, Buffer>();
        for (const [file, bytes] of there) {
          if (!file.endsWith(".part")) expect(bytes.equals(WHOLE[file as keyof typeof WHOLE]), file).toBe(true);
        }
      };
      return {
        ...{ home: alice.laptop.home, args: ["get", "-r", "--skip-same", "/films", target], expectSound },
        expectDone: async () => {
          await expectSound();
          expect([...(await contentOf(folder)).keys()].sort()).toEqual(["large", "small"]);
          expect(await readdir(target)).toEqual(["films"]);
        },
      };
    },
  },
  {
    what: "a get that replaces",
    dying: "rename .excalibur-PID-ID.part",
    failing: "fsync .excalibur-PID-ID.part",
    begin: async () => {
      const target = await world.localFolder("there");
      for (const file of Object.keys(WHOLE)) await writeFile(join(target, file), OLD);
      const expectSound = async () => {
        for (const [file, bytes] of await contentOf(target)) {
          if (file.endsWith(".part")) continue;
          expect(bytes.equals(WHOLE[file as keyof typeof WHOLE]) || bytes.equals(OLD), file).toBe(true);
        }
      };
      return {
        home: alice.laptop.home,
        args: ["get", "--replace", "/films/small", "/films/large", target],
        expectSound,
        expectDone: async () => {
          const there = await contentOf(target);
          expect([...there.keys()].sort()).toEqual(["large", "small"]);
          for (const [file, bytes] of there) expect(bytes.equals(WHOLE[file as keyof typeof WHOLE]), file).toBe(true);
        },
      };
    },
  },
  {
    what: "signing in",
    dying: "rename device-secret.ID.new",
    failing: "sync device-secret.ID.new",
    begin: async () => {
      const home = join(await world.localFolder("device"), "home");
      return {
        home,
        args: ["sign-in", "alice", "--server", world.origin, "--password-stdin"],
        stdin: `${alice.password}\n`,
        expectSound: async () => expect(await alice.phone.names("/films")).toEqual(["large", "small"]),
        expectDone: async () => {
          const listed = await world.runCli(home, ["ls", "/films", "--json"]);
          expect(listed.exitCode, listed.stderr).toBe(0);
          expect(listed.stdout).toContain("large");
        },
      };
    },
  },
];

describe("a client's disk", { timeout: IS_LONG ? LONGEST_MS : 120_000 }, () => {
  let steps: Steps;
  let stories = 0;
  beforeAll(async () => {
    steps = await Steps.in(join(world.folder, "client-steps"));
  });

  function run({ home, args, stdin }: Begun): Promise<CliRun> {
    const env = { ...steps.env, NODE_OPTIONS: `--import ${FAILING_DISK}` };
    return world.runCliProgram(home, args, stdin === undefined ? { env } : { env, stdin });
  }

  /** The named step; in long mode each step that it takes, the first times that it does, or as many as there is time for. */
  async function chosen(story: Story, name: string): Promise<readonly Step[]> {
    if (!IS_LONG) return [{ name, count: 1 }];
    const begun = await story.begin(`story-${++stories}`);
    await steps.watch();
    expect(await run(begun)).toMatchObject({ exitCode: 0 });
    await steps.lookAway();
    await begun.expectDone();
    const taken = (await steps.taken()).filter((step) => step.count <= 3);
    expect(taken.map((step) => step.name)).toContain(name);
    return spread(
      taken.toSorted((a, b) => a.count - b.count),
      STEPS,
    );
  }

  async function endsWell(begun: Begun, when: string): Promise<void> {
    const again = await run(begun);
    expect(again.exitCode, `${when}: ${again.stderr}`).toBe(0);
    await begun.expectDone();
  }

  // Every day a get that replaces is left to failing disks, and another one to kills.
  const [put, get, replacing] = STORIES as [Story, Story, Story];

  it.for(IS_LONG ? STORIES : [put, get])(
    "under $what that is killed leaves nothing half-done, and the next time it is done",
    async (story, { task }) => {
      for (const step of await chosen(story, story.dying)) {
        const when = `killed ${step.name} (${step.count})`;
        const begun = await story.begin(`story-${++stories}`);
        await steps.dieAt(step);
        const { exitCode } = await run(begun);
        await steps.lookAway();
        if (!IS_LONG) expect(exitCode, when).toBeNull();
        await begun.expectSound();
        await endsWell(begun, when);
        count(task, { "kills of a client": exitCode === null ? 1 : 0 });
      }
    },
  );

  it.for(IS_LONG ? STORIES : [put, replacing])(
    "that fails under $what is told with what to do, leaves nothing half-done, and goes on once it is well",
    async (story, { task }) => {
      for (const [number, step] of (await chosen(story, story.failing)).entries()) {
        const code = CODES[number % CODES.length] as string;
        const when = `${code} at ${step.name} (${step.count})`;
        const begun = await story.begin(`story-${++stories}`);
        await steps.failAt(step, code);
        const { exitCode, stdout, stderr } = await run(begun);
        await steps.lookAway();
        if (!IS_LONG) expect(exitCode, when).toBe(1);
        if (exitCode === 0) await begun.expectDone();
        else {
          expect(exitCode, `${when}: ${stderr}`).toBe(1);
          expect(`${stdout}${stderr}`, when).toMatch(TOLD);
          expect(`${stdout}${stderr}`, when).not.toContain("(unexpected)");
        }
        await begun.expectSound();
        await endsWell(begun, when);
        count(task, { "failing disks of a client": 1 });
      }
    },
  );
});
