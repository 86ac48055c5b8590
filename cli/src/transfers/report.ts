import { shown } from "../terminal/escape.ts";
import { CommandError, EXIT, type ExitCode, failureOfCommand, unexpected, worst } from "../terminal/failure.ts";
import { count } from "../terminal/format.ts";
import type { Output } from "../terminal/output.ts";
import { sdkFailure } from "../terminal/sdk-failure.ts";

/** More than anybody reads; what is beyond is only counted. */
const LISTED = 1_000;
/** Paths shown to people under one reason. */
const SHOWN_TOGETHER = 20;

interface ItemFailure {
  readonly path: string;
  readonly code: string;
  readonly message: string;
}

/** What became of the many items of one command: a failure of one never stops the others. */
export class Report {
  readonly #failures: ItemFailure[] = [];
  readonly #ignored: { readonly path: string; readonly reason: string }[] = [];
  readonly #renamed: { readonly path: string; readonly name: string }[] = [];
  #failed = 0;
  #ignoredCount = 0;
  #exitCode: ExitCode = EXIT.ok;

  /** What the command ends with; an integrity violation anywhere goes before everything else. */
  get exitCode(): ExitCode {
    return this.#exitCode;
  }

  has(code: string): boolean {
    return this.#failures.some((failure) => failure.code === code);
  }

  get failed(): number {
    return this.#failed;
  }

  fail(path: string, error: unknown): void {
    this.#failed += 1;
    const failure = error instanceof CommandError ? failureOfCommand(error) : (sdkFailure(error) ?? unexpected(error));
    this.#exitCode = worst(this.#exitCode, failure.exitCode);
    if (this.#failures.length < LISTED) this.#failures.push({ path, code: failure.code, message: failure.message });
  }

  /** Left out on purpose: links and special files. */
  ignore(path: string, reason: string): void {
    this.#ignoredCount += 1;
    if (this.#ignored.length < LISTED) this.#ignored.push({ path, reason });
  }

  /** It is there, under another name than its own. */
  rename(path: string, name: string): void {
    if (this.#renamed.length < LISTED) this.#renamed.push({ path, name });
  }

  /** For --json, beside what the command itself counts. */
  document(): Readonly<Record<string, unknown>> {
    return { failed: this.#failed, failures: this.#failures, ignored: this.#ignored, renamed: this.#renamed };
  }

  /** A thousand files with one trouble are one trouble. */
  #byReason(): Map<string, string[]> {
    const groups = new Map<string, string[]>();
    for (const { path, code, message } of this.#failures) {
      const reason = `${shown(message)} (${code})`;
      const group = groups.get(reason);
      if (group === undefined) groups.set(reason, [path]);
      else group.push(path);
    }
    return groups;
  }

  /** For people, on stderr: what they should know besides the sum. */
  tell(output: Output): void {
    for (const { path, name } of this.#renamed) output.note(`${shown(path)}: is now called ${shown(name)}`);
    for (const { path, reason } of this.#ignored) output.note(`${shown(path)}: ${reason}`);
    const unlisted = this.#ignoredCount - this.#ignored.length;
    if (unlisted > 0) output.note(`… and ${count(unlisted, "other")} left out`);
    for (const [reason, paths] of this.#byReason()) {
      const [only] = paths;
      if (paths.length === 1) output.complain(`${shown(only ?? "")}: ${reason}`);
      else {
        output.complain(`${count(paths.length, "item")}: ${reason}`);
        for (const path of paths.slice(0, SHOWN_TOGETHER)) output.complain(`  ${shown(path)}`);
        const more = paths.length - SHOWN_TOGETHER;
        if (more > 0) output.complain(`  … and ${count(more, "other")}; --json lists them`);
      }
    }
    const unlistedFailures = this.#failed - this.#failures.length;
    if (unlistedFailures > 0) output.complain(`… and ${count(unlistedFailures, "more failure")}`);
    if (this.#exitCode === EXIT.integrity) output.alarm();
  }
}
