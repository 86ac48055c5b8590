import type { Run } from "../run.ts";
import { shown } from "../terminal/escape.ts";

/** What deleting the account does to shared folders, and to whom; said before anybody agrees to it. */
export async function sayFarewell(run: Run): Promise<string[]> {
  const { sharing } = await run.drive();
  const { lost, left, problems } = await sharing.farewell({ signal: run.signal });
  const lines = lost.map(
    ({ name, people }) =>
      `${shown(name)}, which you share, is gone for ${people.join(", ")}, too, with everything that is in it.`,
  );
  lines.push(...left.map(({ name, owner }) => `You are out of ${shown(name)}, which ${owner} shares; it stays there.`));
  if (problems.length > 0) {
    lines.push(
      `${problems.length === 1 ? "A shared folder" : `${problems.length} shared folders`} could not be looked at, and may be gone for others, too.`,
    );
  }
  return lines;
}
