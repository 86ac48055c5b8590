import { preferences } from "../preferences/index.ts";
import { language } from "./language.ts";

const UNITS = ["byte", "kilobyte", "megabyte", "gigabyte", "terabyte"] as const;
/** `Intl` knows no names for powers of 1024; these are written so in every language. */
const BINARY_UNITS = ["", "KiB", "MiB", "GiB", "TiB"] as const;
const DAY_MS = 86_400_000;

/** Formatters are costly to make and cheap to use: one for each language and kind. */
const made = new Map<string, Intl.NumberFormat | Intl.DateTimeFormat | Intl.RelativeTimeFormat>();

function once<T extends Intl.NumberFormat | Intl.DateTimeFormat | Intl.RelativeTimeFormat>(
  kind: string,
  make: (tag: string) => T,
): T {
  const tag = language();
  const key = `${tag} ${kind}`;
  const known = made.get(key) as T | undefined;
  const formatter = known ?? make(tag);
  if (known === undefined) made.set(key, formatter);
  return formatter;
}

export function formatNumber(value: number): string {
  return once("number", (tag) => new Intl.NumberFormat(tag)).format(value);
}

/** From 0 to 1. */
export function formatPercent(share: number): string {
  return once("percent", (tag) => new Intl.NumberFormat(tag, { style: "percent" })).format(
    Math.floor(share * 100) / 100,
  );
}

/** As the person chose: 1 kB of 1000 bytes, or 1 KiB of 1024. Three digits, before four-digit values of 1024. */
export function formatBytes(sizeBytes: number): string {
  const isBinary = preferences().units === "binary";
  const stepBytes = isBinary ? 1024 : 1000;
  let value = sizeBytes;
  let step = 0;
  while (value >= stepBytes - 0.5 && step < UNITS.length - 1) {
    value /= stepBytes;
    step += 1;
  }
  const unit = UNITS[step] ?? "byte";
  const digits = step === 0 || value >= 100 ? 0 : value >= 10 ? 1 : 2;
  if (isBinary && step > 0) {
    const number = once(`number ${digits}`, (tag) => new Intl.NumberFormat(tag, { maximumFractionDigits: digits }));
    return `${number.format(value)}\u00a0${BINARY_UNITS[step]}`;
  }
  const options = {
    style: "unit",
    unit,
    unitDisplay: step === 0 ? "long" : "short",
    maximumFractionDigits: digits,
  } as const;
  return once(`bytes ${unit} ${digits}`, (tag) => new Intl.NumberFormat(tag, options)).format(value);
}

export function formatSpeed(bytesASecond: number): string {
  return `${formatBytes(bytesASecond)}/s`;
}

/** The short form of a list: the time today, the day this year, else with its year. */
export function formatDate(atMs: number, nowMs = Date.now()): string {
  const [at, now] = [new Date(atMs), new Date(nowMs)];
  const isSameYear = at.getFullYear() === now.getFullYear();
  if (isSameYear && at.toDateString() === now.toDateString()) {
    return once("time", (tag) => new Intl.DateTimeFormat(tag, { timeStyle: "short" })).format(at);
  }
  if (new Date(nowMs - DAY_MS).toDateString() === at.toDateString()) {
    const day = once("day", (tag) => new Intl.RelativeTimeFormat(tag, { numeric: "auto" })).format(-1, "day");
    const time = once("time", (tag) => new Intl.DateTimeFormat(tag, { timeStyle: "short" })).format(at);
    return `${day.charAt(0).toLocaleUpperCase(language())}${day.slice(1)}, ${time}`;
  }
  if (isSameYear) {
    return once("short", (tag) => new Intl.DateTimeFormat(tag, { day: "numeric", month: "short" })).format(at);
  }
  return once(
    "long",
    (tag) => new Intl.DateTimeFormat(tag, { day: "numeric", month: "short", year: "numeric" }),
  ).format(at);
}

export function formatDateTime(atMs: number): string {
  return once("full", (tag) => new Intl.DateTimeFormat(tag, { dateStyle: "medium", timeStyle: "short" })).format(atMs);
}
