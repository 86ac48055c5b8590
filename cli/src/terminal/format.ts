const UNITS = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"];

/** 1536 → "1.5 KiB". */
export function formatSize(sizeBytes: number): string {
  let value = sizeBytes;
  let unit = 0;
  while (value >= 1000 && unit < UNITS.length - 1) {
    value /= 1024;
    unit += 1;
  }
  const digits = unit === 0 || value >= 100 ? 0 : 1;
  return `${value.toFixed(digits)} ${UNITS[unit]}`;
}

/** The furthest a Date reaches from 1970. */
const DATE_LIMIT_MS = 8.64e15;

/** ISO 8601 in UTC with milliseconds, for machines; null for a time no calendar has. */
export function isoTime(timeMs: number): string | null {
  return Math.abs(timeMs) <= DATE_LIMIT_MS ? new Date(timeMs).toISOString() : null;
}

/** "2026-11-22 20:06" by the clock of this computer. */
export function localTime(timeMs: number): string {
  if (Math.abs(timeMs) > DATE_LIMIT_MS) return "(no date)       ";
  const date = new Date(timeMs);
  const two = (value: number): string => String(value).padStart(2, "0");
  const day = `${String(date.getFullYear()).padStart(4, "0")}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())}`;
}

/** "1 file", "12 files". */
export function count(amount: number, singular: string, plural = `${singular}s`): string {
  return `${amount} ${amount === 1 ? singular : plural}`;
}

/** 95 → "1 min 35 s". */
export function formatDuration(seconds: number): string {
  if (!Number.isFinite(seconds) || seconds < 0) return "?";
  const whole = Math.ceil(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}

/** Of this device's clock, by what has to be added to it to have the server's. */
export function describeClock(offsetMs: number): string {
  if (Math.abs(offsetMs) < 1000) return "agrees with the server";
  return `${formatDuration(Math.abs(offsetMs) / 1000)} ${offsetMs > 0 ? "behind" : "ahead of"} the server; corrected for`;
}
