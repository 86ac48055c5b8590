import type { Run } from "./run.ts";
import { failureOf, isCancelled } from "./terminal/failure.ts";
import { count } from "./terminal/format.ts";

/**
 * After a command that changes the drive: what has been in the trash for thirty days goes, once a day. The command is done
 * whatever comes of it.
 */
export async function expireOld(run: Run): Promise<void> {
  const { files } = await run.drive();
  try {
    const { items, versions } = await files.expireWhenDue({ signal: run.signal });
    if (items + versions === 0) return;
    const what = [
      ...(items > 0 ? [`${count(items, "item")} of the trash`] : []),
      ...(versions > 0 ? [count(versions, "earlier version")] : []),
    ];
    run.output.note(
      `After 30 days ${what.join(" and ")} went for good; for some time a rewind still brings them back.`,
    );
  } catch (error) {
    if (isCancelled(error)) return;
    const { message } = await failureOf(error);
    run.output.note(`What is old in the trash was not deleted this time. ${message}`);
  }
}
