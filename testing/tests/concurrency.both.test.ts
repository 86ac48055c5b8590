import { fromBase64Url, toBase64Url, toHex } from "@excalibur/core/bytes";
import { listCommits, type VolumeId } from "@excalibur/core/protocol";
import { decodeCommit } from "@excalibur/core/volume/record";
import { Entrance } from "@excalibur/sdk/account";
import { describe, expect, it } from "vitest";
import { amount, count, IS_LONG, LONGEST_MS } from "../../scripts/test/long-mode.ts";
import { type Device, storyDatabase, World } from "../src/index.ts";
import { type Deed, describeDrive, Player, randomFrom, TreeModel } from "../src/together/index.ts";

/** Each database has seeds of its own. */
const SEED = Number(process.env["EXCALIBUR_SEED"] ?? 1) + (storyDatabase === "postgres" ? 1_000_000 : 0);
const SEEDS = amount({ everyday: 12, long: 1_000 });
const DEEDS = IS_LONG ? 6 : 4;
/** After so many the world is a fresh one: its history would make every seed slower. */
const SEEDS_A_WORLD = 40;
const LOSS_PERCENT = 4;
/** In so many of the seeds the server restarts while everybody works. */
const RESTARTS = 1 / 8;

/** Where the server has each commit: its place in the order of things. */
async function orderSince(device: Device, after: number): Promise<Map<string, number>> {
  const { transport } = (await new Entrance(device.ports).open()).api;
  const { volume } = await device.drive;
  const params = { volumeId: toBase64Url(volume.volumeId) as VolumeId };
  const order = new Map<string, number>();
  for (let at = after; ; ) {
    const { commits, more } = await transport.call(listCommits, { params, query: { after: at } });
    for (const bytes of commits) {
      const { hash, sequence } = decodeCommit(fromBase64Url(bytes));
      order.set(toHex(hash), sequence);
      at = sequence;
    }
    if (!more) return order;
  }
}

/** Everything that was done, one after the other, as the history has it. */
function playBack(deeds: readonly Deed[], order: ReadonlyMap<string, number>): TreeModel {
  const steps = deeds.flatMap((deed) => {
    const places = [...deed.sent].flatMap((hash) => order.get(hash) ?? []).sort((a, b) => a - b);
    const isDone = deed.error === undefined;
    if (isDone && places.length === 0 && !deed.mayBeNothing)
      throw new Error(`Acknowledged and not there: ${deed.what}`);
    return places.map((place, commit) => ({ place, deed, commit }));
  });
  const model = new TreeModel();
  for (const { deed, commit } of steps.sort((a, b) => a.place - b.place)) deed.play(model, commit);
  return model;
}

async function emptyDrive(device: Device): Promise<void> {
  await device.catchUp();
  const { files } = await device.drive;
  await files.trash((await files.list(files.rootId)).items, { massDeletion: "meant" });
  await files.deleteForGood((await files.listTrash()).items, { massDeletion: "meant" });
}

/** Codes of what people are told when somebody else was quicker, or the network bad. */
const TOLD = new Set([
  ...["not_found", "name_taken", "renamed_meanwhile", "not_a_file", "into_itself", "folder_missing"],
  ...["not_in_trash", "network", "volume_busy", "object_missing"],
]);

interface Sums {
  deeds: number;
  done: number;
  refused: number;
  unknown: number;
}

/** One seed: everybody starts from an empty drive, does what he likes, and has to end with the same. */
async function playSeed(seed: number, { world, devices }: { world: World; devices: readonly Device[] }, sums: Sums) {
  const [first] = devices as [Device];
  for (const device of devices) device.network.behave();
  await emptyDrive(first);
  for (const device of devices) await device.catchUp();
  const { sequence } = (await first.drive).volume.head;
  const random = randomFrom(seed);
  const known = new Set<string>();
  const players = devices.map((device, who) => {
    const own = randomFrom(seed * 16 + who + 1);
    return new Player({ device, random: own, lossPercent: LOSS_PERCENT }, known);
  });
  const work = players.map((player) => player.play(DEEDS));
  if (random() < RESTARTS) await world.restart();
  await Promise.all(work);

  for (const device of devices) {
    device.network.behave();
    await device.catchUp();
  }
  const deeds = players.flatMap((player) => player.deeds);
  const order = await orderSince(first, sequence);
  const model = playBack(deeds, order);
  for (const device of devices) {
    const seen = { seed, root: await describeDrive(device, "root"), trash: await describeDrive(device, "trash") };
    expect(seen).toEqual({ seed, root: model.describe(TreeModel.root), trash: model.describe(TreeModel.trash) });
  }
  for (const { error, sent } of deeds) {
    sums.deeds += 1;
    if (error === undefined) sums.done += 1;
    else if ([...sent].some((hash) => order.has(hash))) sums.unknown += 1;
    else sums.refused += 1;
    if (error !== undefined) expect(TOLD).toContain((error as { code?: unknown }).code);
  }
}

describe("several devices that do anything to one drive at once", () => {
  it(
    `end with the same drive, in which everything acknowledged is contained (${SEEDS} seeds from ${SEED})`,
    async ({ task }) => {
      const sums: Sums = { deeds: 0, done: 0, refused: 0, unknown: 0 };
      for (let seed = SEED; seed < SEED + SEEDS; ) {
        await using world = await World.start();
        const { alice } = await world.people("alice");
        const devices = [alice.laptop, alice.phone, ...(IS_LONG ? [await alice.device("tablet")] : [])];
        const until = Math.min(seed + SEEDS_A_WORLD, SEED + SEEDS);
        for (; seed < until; seed++) await playSeed(seed, { world, devices }, sums);
        const { findings } = await (await alice.phone.drive).repair.examine({ contents: true });
        expect(findings).toEqual([]);
      }
      // Enough happened for this to mean something.
      expect(sums.done).toBeGreaterThan(sums.deeds / 2);
      expect(sums.refused).toBeGreaterThan(0);
      count(task, { "seeds of devices at once": SEEDS, "deeds of devices at once": sums.deeds });
      if (IS_LONG) process.stdout.write(`seeds ${SEED} to ${SEED + SEEDS - 1}: ${JSON.stringify(sums)}\n`);
    },
    IS_LONG ? LONGEST_MS : 240_000,
  );
});
