import { join } from "node:path";
import { ServerProcess, type Step, Steps } from "./server-process.ts";
import type { World } from "./world.ts";

/** The world's server as a process of its own, which is started again whenever it dies, as a supervisor would. */
export class KillableServer implements AsyncDisposable {
  readonly steps: Steps;
  readonly #world: World;
  #process: ServerProcess | undefined;
  #revival: Promise<void> = Promise.resolve();
  kills = 0;

  private constructor(world: World, steps: Steps) {
    this.#world = world;
    this.steps = steps;
  }

  /** Takes the place of the server that runs in this program. */
  static async of(world: World): Promise<KillableServer> {
    await world.stopServer({ comesBack: true });
    const server = new KillableServer(world, await Steps.in(join(world.folder, "steps")));
    await server.#start();
    return server;
  }

  /** The steps of some work. */
  async stepsOf(work: () => Promise<unknown>): Promise<Step[]> {
    await this.steps.watch();
    await work();
    await this.steps.lookAway();
    return await this.steps.taken();
  }

  /** Does some work while the server dies at a step of it. The outcome of the work; the server runs again afterwards. */
  async dyingAt(step: Step, work: () => Promise<void>): Promise<PromiseSettledResult<void>> {
    await this.steps.dieAt(step);
    return await this.#survive(work);
  }

  /** Does some work, in the middle of which somebody calls `kill`. */
  async killed(work: (kill: () => void) => Promise<void>): Promise<PromiseSettledResult<void>> {
    const dying = this.#process;
    return await this.#survive(() => work(() => void dying?.kill()));
  }

  async stop(): Promise<void> {
    const ending = this.#process;
    this.#process = undefined;
    await ending?.[Symbol.asyncDispose]();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#revival;
    await this.stop();
  }

  async #survive(work: () => Promise<void>): Promise<PromiseSettledResult<void>> {
    const living = this.#process;
    const [outcome] = await Promise.allSettled([work()]);
    await this.steps.lookAway();
    if (living !== undefined && !living.isRunning) await living.ended;
    await this.#revival;
    return outcome;
  }

  async #start(): Promise<void> {
    const { serverPlace, origin, wire } = this.#world;
    const started = await ServerProcess.start(serverPlace, { publicUrl: origin, steps: this.steps });
    if (started === undefined) throw new Error("The server did not start again.");
    this.#process = started;
    void started.ended.then(() => {
      if (this.#process === started) this.#revival = this.#revive();
    });
    wire.leadTo(Number(new URL(started.origin).port));
  }

  async #revive(): Promise<void> {
    this.kills += 1;
    const { wire } = this.#world;
    wire.leadTo("wait");
    wire.dropAll();
    await this.steps.lookAway();
    await this.#start();
  }
}
