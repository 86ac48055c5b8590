import { readdir, stat, utimes } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { amount, count, IS_LONG, LONGEST_MS, spread } from "../../scripts/test/long-mode.ts";
import {
  type Device,
  KillableServer,
  type Step,
  sampleBytes,
  seededRandom,
  storyDatabase,
  World,
} from "../src/index.ts";

const SEED = Number(process.env["EXCALIBUR_SEED"] ?? 1);
const MiB = 1024 * 1024;
/** Kills at steps of each operation, and at moments chosen by chance. */
const AT_STEPS = amount({ everyday: 1, long: 80 });
const AT_MOMENTS = amount({ everyday: 0, long: 100 });

/** Something a person does, under a name that nothing has yet. */
interface Operation {
  readonly what: string;
  /** Before the server is told to die. */
  readonly prepare?: (device: Device, name: string) => Promise<void>;
  readonly run: (device: Device, name: string) => Promise<void>;
  /** What stands there afterwards; undefined: nothing. */
  readonly after: Buffer | undefined;
}

const SMALL = sampleBytes(3_000, 1);
const LARGE = sampleBytes(5 * MiB, 2);

const OPERATIONS: readonly Operation[] = [
  {
    what: "a small file on its way up",
    run: (device, name) => device.write(`/${name}`, SMALL, { onConflict: "replace" }),
    after: SMALL,
  },
  {
    what: "a large file on its way up",
    run: (device, name) => device.write(`/${name}`, LARGE, { onConflict: "replace" }),
    after: LARGE,
  },
  {
    what: "a file on its way to the trash",
    prepare: (device, name) => device.write(`/${name}`, SMALL),
    run: async (device, name) => {
      await device.catchUp();
      const { files } = await device.drive;
      // So many within a minute that the brake on mass deletion would ask: it is meant.
      if ((await device.names("/")).includes(name))
        await files.trash([await device.find(`/${name}`)], { massDeletion: "meant" });
    },
    after: undefined,
  },
];

/** Every file at the root, whole. */
async function filesOf(device: Device): Promise<Map<string, Buffer>> {
  await device.catchUp();
  const files = new Map<string, Buffer>();
  for (const name of await device.names("/")) files.set(name, await device.read(`/${name}`));
  return files;
}

function expectSame(found: Map<string, Buffer>, expected: Map<string, Buffer>, when: string): void {
  expect([...found.keys()].sort(), when).toEqual([...expected.keys()].sort());
  for (const [name, bytes] of expected) expect(found.get(name)?.equals(bytes), `${when}: ${name}`).toBe(true);
}

/** Everything is listed, and what was done last is there byte for byte. */
async function expectNewest(
  device: Device,
  expected: Map<string, Buffer>,
  { name, when }: { readonly name: string; readonly when: string },
): Promise<void> {
  await device.catchUp();
  expect((await device.names("/")).sort(), when).toEqual([...expected.keys()].sort());
  const bytes = expected.get(name);
  if (bytes !== undefined) expect((await device.read(`/${name}`)).equals(bytes), when).toBe(true);
}

/** Each step, the first times that it is taken, in long mode as many as there is time for; or one of them, chosen by chance. */
function chosen(steps: readonly Step[], random: () => number): readonly Step[] {
  if (IS_LONG) return spread(firstTimes(steps), AT_STEPS);
  return [steps[Math.floor(random() * steps.length)] as Step];
}

/** Every step once before any a second time. */
function firstTimes(steps: readonly Step[]): readonly Step[] {
  return steps.filter((step) => step.count <= 3).toSorted((a, b) => a.count - b.count);
}

describe(`a server on ${storyDatabase} that is killed`, { timeout: IS_LONG ? LONGEST_MS : 120_000 }, () => {
  it(`at any step keeps what it acknowledged, shows nothing half-done, and needs no repair (seed ${SEED})`, async ({
    task,
  }) => {
    await using world = await World.start();
    const { alice } = await world.people("alice");
    const { laptop, phone } = alice;
    await laptop.write("/there before", SMALL);
    await using server = await KillableServer.of(world);
    const random = seededRandom(SEED);
    const expected = new Map([["there before", SMALL]]);
    let number = 0;
    let attempts = 0;
    for (const { what, prepare, run, after } of OPERATIONS) {
      await prepare?.(laptop, `${++number}`);
      const steps = await server.stepsOf(() => run(laptop, `${number}`));
      if (after) expected.set(`${number}`, after);
      const attempt = async (step: Step): Promise<boolean> => {
        const name = `${++number}`;
        const killsBefore = server.kills;
        const when = `seed ${SEED}: ${what}, killed ${step.name} (${step.count})`;
        await prepare?.(laptop, name);
        const outcome = await server.dyingAt(step, () => run(laptop, name));
        if (outcome.status === "rejected") {
          const there = await filesOf(phone);
          const left = there.get(name);
          // All of it or nothing of it; then it is done once more.
          expect(left === undefined || left.equals(after ?? SMALL), when).toBe(true);
          await run(laptop, name);
        }
        if (after) expected.set(name, after);
        await expectNewest(phone, expected, { name, when });
        return server.kills > killsBefore;
      };
      for (const step of chosen(steps, random)) {
        attempts += 1;
        // A step of what the server does by itself may come after the answer, when nobody looks any more: once more then.
        for (let tries = 0; !(await attempt(step)) && !IS_LONG && tries < 5; tries++);
      }
      if (IS_LONG) expect(await world.runServerCli(["storage", "check"]), what).toMatchObject({ exitCode: 0 });
      expectSame(await filesOf(phone), expected, what);
    }
    // Which of several requests comes first is chance, so that a step may not come a third time.
    expect(server.kills).toBeGreaterThanOrEqual(IS_LONG ? attempts / 2 : attempts);

    for (let round = 0; round < AT_MOMENTS; round++) {
      const name = `${++number}`;
      await server.killed((kill) => {
        world.wire.whenCarried({ direction: "up", bytes: Math.floor(random() * 5.2 * MiB) }, kill);
        return laptop.write(`/${name}`, LARGE);
      });
      await laptop.write(`/${name}`, LARGE, { onConflict: "replace" });
      expected.set(name, LARGE);
      await expectNewest(phone, expected, { name, when: `seed ${SEED}, round ${round}` });
      const { files } = await laptop.drive;
      const { items } = await files.list(files.rootId);
      await files.trash(
        items.filter((item) => item.name === name),
        { massDeletion: "meant" },
      );
      expected.delete(name);
    }
    count(task, { [`kills of a server on ${storyDatabase}`]: server.kills });
    await server.stop();
    await expectSwept(world);
    await world.startServer();
    expectSame(await filesOf(phone), expected, "afterwards");
  });
});

/** What killed servers have left goes by itself once it is a day old, and then every byte has its row. */
async function expectSwept(world: World): Promise<void> {
  const objects = join(world.serverFolder, "objects");
  for (const path of await readdir(objects, { recursive: true })) {
    if ((await stat(join(objects, path))).isFile()) await utimes(join(objects, path), 1, 1);
  }
  expect(await world.runServerCli(["storage", "gc"])).toMatchObject({ exitCode: 0 });
  const checked = await world.runServerCli(["storage", "check", "--json"]);
  expect(checked.exitCode).toBe(0);
  const { jobs } = JSON.parse(checked.stdout) as { jobs: { check: { result: unknown } } };
  expect(jobs.check.result).toMatchObject({ damagedObjects: 0, unnamed: { files: 0 } });
}
