import { playCliRound } from "./cli-round.ts";
import { type Protocol, playRound, type Round } from "./round.ts";

/** Every so many rounds the client is the real program. */
export const CLI_EVERY = 8;

export interface Failure extends Round {
  readonly protocol: Protocol;
  readonly cause: unknown;
}

/** Plays one round; what goes wrong is a value, with the numbers that repeat it. */
export async function play(round: Round): Promise<{ readonly protocol: Protocol; readonly failure?: Failure }> {
  const protocol: Protocol = { did: [], mischief: [] };
  const stray: unknown[] = [];
  const onStray = (reason: unknown) => void stray.push(reason);
  process.on("unhandledRejection", onStray);
  process.on("uncaughtException", onStray);
  try {
    await (round.round % CLI_EVERY === CLI_EVERY - 1 ? playCliRound : playRound)(round, protocol);
    if (stray.length > 0) throw new Error("Something failed that nobody waited for.", { cause: stray[0] });
    return { protocol };
  } catch (cause) {
    return { protocol, failure: { ...round, protocol, cause } };
  } finally {
    process.off("unhandledRejection", onStray);
    process.off("uncaughtException", onStray);
  }
}

export function failureText({ seed, round, protocol, cause }: Failure): string {
  const causes: string[] = [];
  for (let error = cause; error !== undefined; error = (error as Error).cause) {
    causes.push(error instanceof Error ? (error.stack ?? error.message) : String(error));
  }
  return [
    `Round ${round} of seed ${seed} failed. To repeat it: npm run fuzz:server -- --seed ${seed} --round ${round}`,
    `What the server did: ${protocol.mischief.join(" · ") || "nothing"}`,
    `What the client did: ${protocol.did.join(" · ") || "nothing"}`,
    ...causes,
  ].join("\n");
}
