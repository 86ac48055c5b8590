import { setTimeout as wait } from "node:timers/promises";
import { toBase64Url } from "@excalibur/core/bytes";
import { type Command, InvalidArgumentError } from "commander";
import type { ReadHandle } from "../../db/index.ts";
import { type AuditRow, listAudit, listNewestAudit } from "../../db/stores/audit.ts";
import { withData } from "../open-data.ts";
import { addPlaceOptions, type PlaceOptions } from "../options.ts";
import { sayJson, type Terminal } from "../terminal.ts";

interface TailFlags extends PlaceOptions {
  readonly follow?: boolean;
  readonly json?: boolean;
  /** Milliseconds since 1970. */
  readonly since?: number;
  readonly lines: number;
}

const ROWS_AT_ONCE = 500;
const LOOK_EVERY_MS = 500;
/** A transaction may be seen later than the time it wrote down: so far back a follower looks again. */
const LATE_MS = 15_000;

const AGO_MS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 };

function parseSince(text: string): number {
  const ago = /^(\d{1,6})([mhd])$/.exec(text);
  const atMs = ago ? Date.now() - Number(ago[1]) * AGO_MS[ago[2]!]! : Date.parse(/^\d{4}-/.test(text) ? text : "");
  if (Number.isNaN(atMs))
    throw new InvalidArgumentError("Write 30m, 24h or 7d ago, or a time as 2026-11-26T18:00:00Z.");
  return Math.max(0, atMs);
}

function parseLines(text: string): number {
  const lines = Number(text);
  if (!/^[1-9]\d{0,4}$/.test(text)) throw new InvalidArgumentError("A number from 1 to 99999.");
  return lines;
}

function presented(row: AuditRow) {
  return {
    id: toBase64Url(row.audit_id),
    at: new Date(row.at_ms).toISOString(),
    actorKind: row.actor_kind,
    actor: row.actorName ?? (row.actor && toBase64Url(row.actor)),
    action: row.action,
    subject: row.subject,
    count: row.count,
    requestId: row.request_id,
  };
}

function say(row: AuditRow, flags: TailFlags, terminal: Terminal): void {
  const entry = presented(row);
  if (flags.json) {
    sayJson(terminal, entry);
    return;
  }
  const columns = [
    entry.at.replace("T", " ").replace(/\.\d+Z$/, "Z"),
    (entry.actor ?? entry.actorKind).padEnd(16),
    entry.action.padEnd(18),
    entry.subject ?? "",
    entry.count > 1 ? `×${entry.count}` : "",
  ];
  terminal.say(columns.join("  ").trimEnd());
}

async function* since(read: ReadHandle, fromMs: number): AsyncGenerator<AuditRow> {
  let after: AuditRow | undefined;
  for (;;) {
    const rows: AuditRow[] = await listAudit(read, { fromMs, after, limit: ROWS_AT_ONCE });
    yield* rows;
    after = rows.at(-1);
    if (rows.length < ROWS_AT_ONCE) return;
  }
}

/** Until the process is told to stop. Counted entries come again whenever their number has grown. */
async function follow(read: ReadHandle, seen: readonly AuditRow[], tell: (row: AuditRow) => void): Promise<never> {
  const shown = new Map(seen.map((row) => [toBase64Url(row.audit_id), row]));
  let newestMs = seen.at(-1)?.at_ms ?? Date.now();
  for (;;) {
    await wait(LOOK_EVERY_MS);
    for await (const row of since(read, newestMs - LATE_MS)) {
      const id = toBase64Url(row.audit_id);
      if ((shown.get(id)?.count ?? 0) >= row.count) continue;
      shown.set(id, row);
      newestMs = Math.max(newestMs, row.at_ms);
      tell(row);
    }
    for (const [id, row] of shown) if (row.at_ms < newestMs - LATE_MS) shown.delete(id);
  }
}

function tail(flags: TailFlags, terminal: Terminal): Promise<void> {
  return withData(flags, async ({ read }) => {
    const tell = (row: AuditRow) => say(row, flags, terminal);
    // What is late already and was not asked for must not come as if it were new.
    const recent: AuditRow[] = [];
    if (flags.follow) for await (const row of since(read, Date.now() - LATE_MS)) recent.push(row);
    let last: AuditRow[] = [];
    if (flags.since === undefined) {
      last = await listNewestAudit(read, flags.lines);
      for (const row of last) tell(row);
    } else {
      for await (const row of since(read, flags.since)) {
        tell(row);
        last = [...last.filter(({ at_ms }) => at_ms >= row.at_ms - LATE_MS), row];
      }
    }
    if (flags.follow) await follow(read, [...recent, ...last], tell);
    else if (last.length === 0 && !flags.json) terminal.say("The audit log has no entry of that time.");
  });
}

export function addAudit(program: Command, terminal: Terminal): void {
  const group = program
    .command("audit")
    .description("Who did what to which account, and when. No file names, no secrets.");
  addPlaceOptions(group.command("tail").description("The newest entries of the audit log, oldest first."))
    .option("-f, --follow", "go on with what happens, until Ctrl-C")
    .option("--since <time>", "all from then on: 30m, 24h or 7d ago, or 2026-11-26T18:00:00Z", parseSince)
    .option("-n, --lines <number>", "how many, without --since", parseLines, 20)
    .option("--json", "one object a line: {id, at, actorKind, actor, action, subject, count, requestId}")
    .action((flags: TailFlags) => tail(flags, terminal));
}
