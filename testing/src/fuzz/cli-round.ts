import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type CliRun, World } from "../world/index.ts";
import { Dice } from "./dice.ts";
import { contentOf, Memory } from "./memory.ts";
import { Mischief } from "./mischief.ts";
import { demand, Forbidden, outcomeOf } from "./outcome.ts";
import type { Protocol, Round } from "./round.ts";
import { demandAcknowledged, demandNoSecret, demandSame, readDrive, SECRET_NAME, secretsOf } from "./truth.ts";

/** The program waits in earnest before it tries again, up to six times for each request that fails. */
const DEADLINE_MS = 300_000;
const EXIT_CODES = [0, 1, 3, 4];

/** As `playRound`, for the real program behind a proxy that lies. Its connections do not break: each would be waited for. */
export async function playCliRound({ seed, round }: Round, protocol: Protocol): Promise<void> {
  const dice = new Dice(seed, round);
  await using world = await World.start();
  const { alice } = await world.people("alice");
  const [search, keys] = [await secretsOf(alice), await secretsOf(alice, { names: false })];
  const proxy = await world.turnEvil();
  const work = new CliWork(world, { home: alice.phone.home, dice, folder: await world.localFolder("fuzz") });
  protocol.did = work.did;
  await work.run(["mkdir", "/one"]);
  await work.put("/one");
  await work.put("/");

  const mischief = new Mischief({ dice, share: dice.pick([0.05, 0.15]), breaks: false });
  protocol.mischief = mischief.did;
  proxy.record();
  mischief.begin(proxy);
  for (let steps = 3 + dice.below(4); steps > 0; steps--) await work.step();
  proxy.behave();

  demandNoSecret(search, proxy, []);
  demandNoSecret(keys, proxy, work.said);
  const again = await work.run(["ls", "-R"]);
  demand(again.exitCode === 0, () => `An honest server is not believed any more: ${again.stderr}`);
  const drives: ReadonlyMap<string, string>[] = [];
  for (const device of [alice.phone, alice.laptop]) {
    const drive = await outcomeOf("read everything honestly", readDrive(device, work.memory));
    if ("refusal" in drive) throw new Forbidden("The drive is damaged.", { cause: drive.refusal });
    drives.push(drive.value);
  }
  const [mine, theirs] = drives as [ReadonlyMap<string, string>, ReadonlyMap<string, string>];
  demandSame(mine, theirs);
  demandAcknowledged(mine, work.memory);
}

class CliWork {
  readonly did: string[] = [];
  readonly said: string[] = [];
  readonly memory = new Memory();
  readonly #world: World;
  readonly #home: string;
  readonly #dice: Dice;
  readonly #folder: string;
  readonly #paths: string[] = [];

  constructor(world: World, { home, dice, folder }: { home: string; dice: Dice; folder: string }) {
    this.#world = world;
    this.#home = home;
    this.#dice = dice;
    this.#folder = folder;
  }

  async step(): Promise<void> {
    const dice = this.#dice;
    const path = dice.pick(this.#paths);
    const works = [
      () => this.put(dice.pick(["/", "/one"])),
      () => this.#cat(path),
      () => this.#get(path),
      () => this.run(["ls", "-R", "--json"]),
      () => this.run(["stat", path, "--json"]),
      () => this.run(["mv", path, `/moved ${dice.below(1_000)}`]),
      () => this.run(["rm", path]),
      () => this.run(["status", "--json"]),
      () => this.run(["mkdir", `/one/${dice.below(9)}`]),
      () => this.run(["verify", "--json"]),
    ];
    await dice.pick(works)();
  }

  /** Ends with a code that the manual knows and no word of a failure of the program itself. */
  async run(args: readonly string[]): Promise<CliRun> {
    const what = `excalibur ${args[0]}`;
    const outcome = await outcomeOf(what, this.#world.runCliProgram(this.#home, args), DEADLINE_MS);
    if (!("value" in outcome)) throw outcome.refusal;
    const { value: ended } = outcome;
    this.did.push(`${what} → ${ended.exitCode}`);
    this.said.push(ended.stderr);
    demand(
      ended.exitCode !== null && EXIT_CODES.includes(ended.exitCode),
      () => `${what} ended with ${ended.exitCode}: ${ended.stderr}`,
    );
    const failed = /in a way it should not|"unexpected"|^\s+at .+:\d+:\d+/m.exec(ended.stderr);
    demand(failed === null, () => `${what} failed of itself: ${ended.stderr}`);
    return ended;
  }

  async put(folder: string): Promise<void> {
    const name = `${SECRET_NAME} ${this.memory.names.length}`;
    const bytes = contentOf(name, 0, this.#dice.pick([0, 3_000, 400_000, 1_500_000]));
    await writeFile(join(this.#folder, name), bytes);
    const writing = this.memory.begin(name, bytes);
    const { exitCode } = await this.run(["put", join(this.#folder, name), folder]);
    if (exitCode === 0) writing.acknowledge();
    this.#paths.push(`${folder}/${name}`.replace("//", "/"));
  }

  async #cat(path: string): Promise<void> {
    const { exitCode, stdoutBytes } = await this.run(["cat", path]);
    const isRight =
      exitCode === 0 ? this.memory.identify(stdoutBytes) !== undefined : this.memory.hasPart(stdoutBytes, 0);
    demand(isRight, () => `cat of ${path} ended with ${exitCode} and wrote what nobody ever stored.`);
  }

  async #get(path: string): Promise<void> {
    const target = await this.#world.localFolder("got");
    const { exitCode } = await this.run(["get", path, target]);
    const names = await readdir(target);
    demand(exitCode !== 0 || names.length === 1, () => `get of ${path} ended with 0 and wrote ${names.length} files.`);
    for (const name of names) {
      const bytes = await readFile(join(target, name));
      demand(this.memory.identify(bytes) !== undefined, () => `get of ${path} left ${name}, which nobody ever stored.`);
    }
  }
}
