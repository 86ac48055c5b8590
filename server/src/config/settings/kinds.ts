/** How values are written in a file, in the environment and after a flag, and what is allowed. */

/** `undefined` always means: not allowed. */
export interface Kind<T> {
  /** Completes «… is», for people who wrote something else. */
  readonly allowed: string;
  /** What stands behind the flag in a command's help; none for a switch. */
  readonly placeholder?: string;
  /** Of the value as programs get it (`config show --json`). */
  readonly unit?: string;
  /** The flag may be repeated. */
  readonly isList?: true;
  fromText(text: string): T | undefined;
  fromToml(value: unknown): T | undefined;
  /** As it would stand in the file. */
  toToml(value: T): string;
  /** The same without what nobody else may see. */
  masked?(value: T): T;
}

function textKind<T>(kind: Omit<Kind<T>, "fromToml">): Kind<T> {
  return { ...kind, fromToml: (value) => (typeof value === "string" ? kind.fromText(value) : undefined) };
}

export function text(options: { readonly allowed: string; readonly placeholder: string }): Kind<string> {
  return textKind({
    ...options,
    fromText: (given) => given.trim() || undefined,
    toToml: (value) => JSON.stringify(value),
  });
}

/** Printable and without spaces, so that it fits in a header; never shown again. */
export function secret({ minLength }: { readonly minLength: number }): Kind<string> {
  return textKind({
    allowed: `at least ${minLength} characters without spaces`,
    placeholder: "secret",
    fromText: (given) => (/^[!-~]+$/.test(given.trim()) && given.trim().length >= minLength ? given.trim() : undefined),
    toToml: (value) => JSON.stringify(value),
    masked: () => "***",
  });
}

export function wholeNumber(range: {
  readonly min: number;
  readonly max: number;
  readonly note?: string;
  readonly unit?: string;
}): Kind<number> {
  const { min, max, note, unit } = range;
  const inRange = (value: number) => (Number.isInteger(value) && value >= min && value <= max ? value : undefined);
  return {
    allowed: `a whole number from ${min} to ${max}${note === undefined ? "" : ` (${note})`}`,
    placeholder: "number",
    ...(unit === undefined ? {} : { unit }),
    fromText: (given) => (/^-?\d{1,15}$/.test(given.trim()) ? inRange(Number(given)) : undefined),
    fromToml: (value) => (typeof value === "number" ? inRange(value) : undefined),
    toToml: String,
  };
}

const YES = new Set(["1", "true", "yes", "on"]);
const NO = new Set(["0", "false", "no", "off"]);

export function onOff(): Kind<boolean> {
  return {
    allowed: "true or false",
    fromText: (given) => {
      const word = given.trim().toLowerCase();
      return YES.has(word) ? true : NO.has(word) ? false : undefined;
    },
    fromToml: (value) => (typeof value === "boolean" ? value : undefined),
    toToml: String,
  };
}

function either(words: readonly string[]): string {
  return `${words.slice(0, -1).join(", ")} or ${words.at(-1)}`;
}

export function oneOf<const W extends string>(...words: readonly W[]): Kind<W> {
  return textKind({
    allowed: either(words),
    placeholder: "word",
    fromText: (given) => words.find((word) => word === given.trim()),
    toToml: (value) => JSON.stringify(value),
  });
}

/** A value, or the word that means none. */
export function orWord<T>(word: string, kind: Kind<T>): Kind<T | null> {
  const { masked } = kind;
  return {
    ...kind,
    allowed: word === "" ? kind.allowed : `${kind.allowed}, or "${word}"`,
    fromText: (given) => (given.trim() === word ? null : kind.fromText(given)),
    fromToml: (value) => (value === word ? null : kind.fromToml(value)),
    toToml: (value) => (value === null ? JSON.stringify(word) : kind.toToml(value)),
    ...(masked ? { masked: (value: T | null) => (value === null ? null : masked(value)) } : {}),
  } as Kind<T | null>;
}

const SIZE_UNITS = ["", "K", "M", "G", "T"];

/** Bytes; K, M, G and T are powers of 1024. */
export function size({ minKiB = 0 }: { readonly minKiB?: number } = {}): Kind<number> {
  const fromText = (given: string) => {
    const match = /^(\d{1,15}(?:\.\d{1,3})?)\s*([kmgt]?)(?:i?b)?$/i.exec(given.trim());
    if (!match) return undefined;
    const sizeBytes = Math.floor(Number(match[1]) * 1024 ** SIZE_UNITS.indexOf(match[2]!.toUpperCase()));
    return Number.isSafeInteger(sizeBytes) && sizeBytes >= minKiB * 1024 ? sizeBytes : undefined;
  };
  return {
    allowed: `a size as "500M", "20G" or "2T"${minKiB > 0 ? `, at least ${minKiB}K` : ""}`,
    placeholder: "size",
    unit: "bytes",
    fromText,
    fromToml: (value) => (typeof value === "string" || typeof value === "number" ? fromText(String(value)) : undefined),
    toToml: (sizeBytes) => {
      let power = 0;
      while (sizeBytes > 0 && power < 4 && sizeBytes % 1024 ** (power + 1) === 0) power += 1;
      return JSON.stringify(`${sizeBytes / 1024 ** power}${SIZE_UNITS[power]}`);
    },
  };
}

const TIME_UNITS: readonly (readonly [name: string, ms: number])[] = [
  ["d", 86_400_000],
  ["h", 3_600_000],
  ["m", 60_000],
  ["s", 1_000],
  ["ms", 1],
];

export function timeText(timeMs: number): string {
  const [name, ms] =
    TIME_UNITS.find(([, unitMs]) => timeMs >= unitMs && timeMs % unitMs === 0) ?? (["s", 1_000] as const);
  return `${timeMs / ms}${name}`;
}

/** Always with its unit, so that nobody has to guess it. */
export function time(range: { readonly minMs: number; readonly maxMs: number }): Kind<number> {
  return textKind({
    allowed: `a time as "90s", "15m", "12h" or "7d", from ${timeText(range.minMs)} to ${timeText(range.maxMs)}`,
    placeholder: "time",
    unit: "ms",
    fromText: (given) => {
      const match = /^(\d{1,12})\s*(ms|[smhd])$/.exec(given.trim());
      const timeMs = match ? Number(match[1]) * TIME_UNITS.find(([name]) => name === match[2])![1] : Number.NaN;
      return timeMs >= range.minMs && timeMs <= range.maxMs ? timeMs : undefined;
    },
    toToml: (timeMs) => JSON.stringify(timeText(timeMs)),
  });
}

/** Several of one kind: an array in the file, separated by commas or spaces elsewhere. One alone needs no array. */
export function listOf<T>(kind: Kind<T>): Kind<readonly T[]> {
  const all = (values: readonly (T | undefined)[]) =>
    values.some((value) => value === undefined) ? undefined : (values as readonly T[]);
  return {
    allowed: `${kind.allowed}, or a list of these`,
    ...(kind.placeholder === undefined ? {} : { placeholder: kind.placeholder }),
    isList: true,
    fromText: (given) =>
      all(
        given
          .split(/[\s,]+/)
          .filter(Boolean)
          .map(kind.fromText),
      ),
    fromToml: (value) => all((Array.isArray(value) ? value : [value]).map(kind.fromToml)),
    toToml: (values) => `[${values.map(kind.toToml).join(", ")}]`,
  };
}
