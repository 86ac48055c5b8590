import type { LoggerPort } from "../ports/index.ts";

/** Keeps what was logged, for tests that look for secrets in it. */
export class MemoryLogger implements LoggerPort {
  readonly lines: string[] = [];

  debug(message: string, facts: Readonly<Record<string, unknown>> = {}): void {
    this.lines.push(`${message} ${JSON.stringify(facts)}`);
  }

  warn(message: string, facts: Readonly<Record<string, unknown>> = {}): void {
    this.debug(message, facts);
  }
}
