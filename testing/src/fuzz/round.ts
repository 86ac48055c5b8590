import { type Device, World } from "../world/index.ts";
import { Dice } from "./dice.ts";
import { contentOf, Memory } from "./memory.ts";
import { Mischief } from "./mischief.ts";
import { demand, Forbidden, outcomeOf } from "./outcome.ts";
import { demandAcknowledged, demandNoSecret, demandSame, readDrive, SECRET_NAME, secretsOf } from "./truth.ts";
import { Workday } from "./workday.ts";

/** How likely an answer is tampered with. */
const SHARES = [0.05, 0.15, 0.4];
const LONGEST_WORKDAY = 14;

export interface Round {
  readonly seed: number;
  readonly round: number;
}

/** What is known of a round while it goes on: for whoever looks for the cause of a failure, and for the count at the end. */
export interface Protocol {
  did: readonly string[];
  mischief: readonly string[];
}

/**
 * One round against a server that lies at random: alice's phone does ordinary work through it, her laptop works honestly
 * beside it. Afterwards everybody is honest, and everything has to be as if always. Throws Forbidden.
 */
export async function playRound({ seed, round }: Round, protocol: Protocol): Promise<void> {
  const dice = new Dice(seed, round);
  await using world = await World.start();
  const { alice } = await world.people("alice");
  const search = await secretsOf(alice);
  const memory = new Memory();
  const workday = new Workday({
    ...{ device: alice.phone, dice, memory },
    folder: await world.localFolder("fuzz"),
  });
  await prepare(alice.laptop, memory, workday);
  const isFresh = dice.happens(0.2);
  const mischief = new Mischief({ dice, share: dice.pick(SHARES), breaks: true });
  protocol.did = workday.did;
  protocol.mischief = mischief.did;

  workday.device.network.record();
  mischief.begin(workday.device.network);
  const problems: unknown[] = [];
  const stop = dice.happens(0.3) ? await follow(workday.device, problems) : () => undefined;
  if (isFresh) await freshDevice(world, { seed, round }, mischief);
  for (let steps = 4 + dice.below(LONGEST_WORKDAY - 4); steps > 0; steps--) {
    await workday.step();
    if (dice.happens(0.2)) await writeHonestly(alice.laptop, memory, workday);
    if (dice.happens(0.1)) {
      stop();
      demandNoSecret(search, workday.device.network, workday.device.ports.logger.lines);
      workday.device = await world.restartDevice(workday.device);
      workday.device.network.record();
      mischief.begin(workday.device.network);
    }
  }
  stop();
  for (const problem of problems) await outcomeOf("follow", Promise.reject(problem));

  workday.device.network.behave();
  demandNoSecret(search, workday.device.network, workday.device.ports.logger.lines);
  await demandHonestEnd(world, { evil: workday.device, honest: alice.laptop, memory, restarts: dice.happens(0.5) });
}

async function prepare(laptop: Device, memory: Memory, workday: Workday): Promise<void> {
  for (const folder of ["/one", "/two/deep"]) await laptop.makeFolder(folder);
  for (const sizeBytes of [100, 1_200_000]) await writeHonestly(laptop, memory, workday, sizeBytes);
}

async function writeHonestly(laptop: Device, memory: Memory, workday: Workday, sizeBytes = 5_000): Promise<void> {
  const name = `${SECRET_NAME} ${memory.names.length}`;
  const bytes = contentOf(name, 0, sizeBytes);
  const writing = memory.begin(name, bytes);
  await laptop.write(`/one/${name}`, bytes);
  writing.acknowledge();
  workday.knows(`/one/${name}`);
}

async function follow(device: Device, problems: unknown[]): Promise<() => void> {
  const following = await outcomeOf(
    "follow",
    device.account.then((account) => account.follow({ onProblem: (problem) => problems.push(problem) })),
  );
  return "value" in following ? following.value : () => undefined;
}

/** Somebody signs in on a new device, through the same lies. */
async function freshDevice(world: World, { round }: Round, mischief: Mischief): Promise<void> {
  const { alice } = await world.people("alice");
  const device = await alice.newDevice(`fresh ${round}`);
  mischief.begin(device.network);
  await outcomeOf("sign in", alice.signIn(device, "fresh"));
  await outcomeOf("list on a fresh device", device.names("/"));
  device.network.behave();
  const there = await outcomeOf("sign in honestly", alice.signIn(device, "fresh"));
  if ("refusal" in there) {
    // What it is told by an honest server has to be enough; only what it may remember differently is a reason.
    demand(there.refusal.code === "too_many_attempts", () => `A fresh device cannot sign in: ${there.refusal.code}.`);
  }
}

async function demandHonestEnd(
  world: World,
  { evil, honest, memory, restarts }: { evil: Device; honest: Device; memory: Memory; restarts: boolean },
): Promise<void> {
  const device = restarts ? await world.restartDevice(evil) : evil;
  for (const each of [device, honest]) {
    const caughtUp = await outcomeOf("catch up honestly", each.catchUp());
    if ("refusal" in caughtUp)
      throw new Forbidden("An honest server is not believed any more.", { cause: caughtUp.refusal });
  }
  const status = await outcomeOf(
    "status",
    device.account.then((account) => account.status()),
  );
  if ("refusal" in status) throw new Forbidden("The session is lost.", { cause: status.refusal });
  const { remote, problem } = status.value;
  if (remote === undefined) throw new Forbidden("An honest server cannot be asked any more.", { cause: problem });
  const [mine, theirs] = [await readDrive(device, memory), await readDrive(honest, memory)];
  demandSame(mine, theirs);
  demandAcknowledged(mine, memory);
}
