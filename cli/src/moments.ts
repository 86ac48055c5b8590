import { InvalidArgumentError } from "commander";

const UNIT_MS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000, w: 7 * 86_400_000 };

/**
 * A moment as somebody types it: `30m`, `2h`, `3d`, `1w` ago; `2026-11-20`, `2026-11-20 14:30` (or with a T) by the clock
 * of this computer; or with a zone, as --json tells times. Throws InvalidArgumentError.
 */
export function parseMoment(typed: string, nowMs: number): number {
  const text = typed.trim();
  const ago = /^(\d{1,6})([mhdw])$/.exec(text);
  if (ago) return nowMs - Number(ago[1]) * (UNIT_MS[ago[2] as string] as number);
  const date = /^(\d{4}-\d\d-\d\d)(?:[ T](\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?)(Z|[+-]\d\d:\d\d)?)?$/.exec(text);
  const [, day, time = "00:00", zone = ""] = date ?? [];
  // A date alone is midnight here, not in London.
  const timeMs = day === undefined ? Number.NaN : Date.parse(`${day}T${time}${zone}`);
  if (Number.isNaN(timeMs) || !isRealDay(day as string)) {
    throw new InvalidArgumentError(
      "Write it as 30m, 2h, 3d or 1w (ago), as 2026-11-20 or “2026-11-20 14:30”, or with a zone: 2026-11-20T14:30Z.",
    );
  }
  return timeMs;
}

/** 31 February would become March. */
function isRealDay(day: string): boolean {
  return new Date(`${day}T00:00Z`).toISOString().startsWith(day);
}
