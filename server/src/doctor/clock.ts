/** Signed requests live for a minute, certificates for months: a wrong clock stops both. */

import { LIMITS } from "@excalibur/core/protocol";
import type { Database } from "../db/index.ts";
import { type Finding, failed, ok, warning } from "./finding.ts";

/** No clock that is right says anything earlier. */
const PROGRAM_WRITTEN_MS = Date.UTC(2026, 10, 1);
const NOTICEABLE_MS = 5_000;
const ADVICE = "Let the system set its clock by itself (timedatectl set-ntp true), and look at it again.";

function seconds(ms: number): string {
  return `${Math.round(Math.abs(ms) / 1000)} s`;
}

function iso(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}

/** Against itself: does it run, and is it later than this program? */
export function checkOwnClock(nowMs: number): Finding {
  if (nowMs >= PROGRAM_WRITTEN_MS) return ok("clock", `it is ${iso(nowMs)} here`);
  return failed("clock", `it says ${iso(nowMs)}, which is before this program was written`, ADVICE);
}

/** Against what was written down with it: time never goes back. */
export async function checkAgainstData(database: Database, nowMs: number): Promise<Finding> {
  const { read } = database;
  const [migration, session, commit] = await Promise.all([
    read
      .selectFrom("migrations")
      .select((eb) => eb.fn.max("applied_ms").as("at"))
      .executeTakeFirst(),
    read
      .selectFrom("sessions")
      .select((eb) => eb.fn.max("last_used_ms").as("at"))
      .executeTakeFirst(),
    read
      .selectFrom("commits")
      .select((eb) => eb.fn.max("received_ms").as("at"))
      .executeTakeFirst(),
  ]);
  const newestMs = Math.max(0, ...[migration, session, commit].map((row) => Number(row?.at ?? 0)));
  const aheadMs = newestMs - nowMs;
  if (aheadMs <= LIMITS.clockSkewMs) return ok("clock-data", "nothing in the data is from the future");
  return failed(
    "clock-data",
    `the data was last changed at ${iso(newestMs)}, ${seconds(aheadMs)} later than it is now`,
    `The clock was or is wrong. ${ADVICE} If it is right now, this goes away by itself when that time has come.`,
  );
}

/** Against another machine's. */
export function checkAgainst(
  where: string,
  { theirsMs, nowMs }: { readonly theirsMs: number; readonly nowMs: number },
): Finding {
  const offMs = nowMs - theirsMs;
  const said = `this clock and that of ${where} differ by ${seconds(offMs)}`;
  if (Math.abs(offMs) > LIMITS.clockSkewMs) return failed("clock-others", said, ADVICE);
  if (Math.abs(offMs) > NOTICEABLE_MS) return warning("clock-others", said, ADVICE);
  return ok("clock-others", `this clock and that of ${where} agree`);
}
