import type { Account, Drive, Excalibur } from "@excalibur/sdk";
import type { Device } from "./device.ts";
import { CancelledError, EXIT, type ExitCode } from "./terminal/failure.ts";
import { Output, type OutputFlags } from "./terminal/output.ts";
import type { Terminal } from "./terminal/terminal.ts";

/** What a command works with while it runs. Everything heavy is loaded when it is first asked for. */
export interface Run {
  readonly output: Output;
  readonly terminal: Terminal;
  /** Aborted by the first Ctrl-C. */
  readonly signal: AbortSignal;
  readonly env: NodeJS.ProcessEnv;
  excalibur(): Promise<Excalibur>;
  /** The account of this device. Throws NotSignedInError, LockedError. */
  account(): Promise<Account>;
  /** Its drive, at the newest state. */
  drive(): Promise<Drive>;
}

export type Work = (run: Run) => Promise<ExitCode | undefined> | Promise<void>;

/** The program while it lives: one command, its terminal, its way to end. */
export class Cli {
  readonly terminal: Terminal;
  readonly #signal: AbortSignal;
  readonly #env: NodeJS.ProcessEnv;
  /** Of the command that ran. */
  exitCode: ExitCode = EXIT.ok;

  constructor(terminal: Terminal, signal: AbortSignal, env: NodeJS.ProcessEnv = process.env) {
    this.terminal = terminal;
    this.#signal = signal;
    this.#env = env;
  }

  /** Runs a command's work, tells its failure, and lets go of whatever it opened. */
  async run(flags: OutputFlags, work: Work): Promise<void> {
    const output = new Output(this.terminal, flags);
    const [signal, env] = [this.#signal, this.#env];
    const opened = new OpenedDevice({ signal, env });
    try {
      this.exitCode = (await work({ output, terminal: this.terminal, signal, env, ...opened.doors })) ?? EXIT.ok;
    } catch (error) {
      this.exitCode = await output.failed(error, this.#signal);
    }
    try {
      await opened.close();
    } catch (error) {
      const code = await output.failed(error, this.#signal);
      if (this.exitCode === EXIT.ok) this.exitCode = code;
    }
    const lost = await this.terminal.lost?.();
    if (lost !== undefined && this.exitCode === EXIT.ok) this.exitCode = await output.failed(lost, this.#signal);
  }
}

/** This device, opened as far as the command asks. */
class OpenedDevice {
  readonly #signal: AbortSignal;
  readonly #env: NodeJS.ProcessEnv;
  #device: Device | undefined;
  #account: Account | undefined;

  constructor({ signal, env }: Pick<Run, "signal" | "env">) {
    this.#signal = signal;
    this.#env = env;
  }

  get doors(): Pick<Run, "excalibur" | "account" | "drive"> {
    return { excalibur: () => this.#excalibur(), account: () => this.#open(), drive: () => this.#drive() };
  }

  async close(): Promise<void> {
    try {
      await this.#account?.close();
    } finally {
      await this.#device?.close();
    }
  }

  async #excalibur(): Promise<Excalibur> {
    const { openDevice } = await import("./device.ts");
    this.#device ??= await openDevice(this.#env);
    return this.#device.excalibur;
  }

  async #open(): Promise<Account> {
    this.#account ??= await (await this.#excalibur()).open();
    return this.#account;
  }

  async #drive(): Promise<Drive> {
    const account = await this.#open();
    if (this.#signal.aborted) throw new CancelledError();
    return await account.drive({ signal: this.#signal });
  }
}
