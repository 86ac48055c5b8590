import type { Config } from "../config.ts";
import type { Kind } from "./kinds.ts";

/** What is set; `Config` follows from it. */
export interface Settable extends Omit<Config, "database"> {
  /** null: SQLite in the data folder. */
  readonly databaseUrl: string | null;
}

type Plain = string | number | boolean | null | readonly unknown[];

/** "host", "rateLimits.generalPerMinute": where a setting stands in `Settable`. */
export type Field<T = Settable> = {
  [K in keyof T & string]: T[K] extends Plain ? K : `${K}.${Field<T[K]>}`;
}[keyof T & string];

type ValueAt<P extends string, T = Settable> = P extends `${infer K}.${infer Rest}`
  ? K extends keyof T
    ? ValueAt<Rest, T[K]>
    : never
  : P extends keyof T
    ? T[P]
    : never;

/** One row of the table. Flag and variable follow from the key. */
export interface Setting<T = unknown, F extends string = string> {
  /** In the file: "host", or "table.key". */
  readonly key: string;
  readonly field: F;
  readonly kind: Kind<T>;
  readonly default: T;
  /** When the default is no value that everybody has. */
  readonly defaultSays?: string;
  /** Other environment variables that set it, weaker than its own. */
  readonly alsoEnvironment?: readonly string[];
  /** One sentence, beginning small, without a full stop. */
  readonly doc: string;
}

/** A row whose kind and default fit the field. */
export function setting<F extends Field>(field: F, row: Omit<Setting<ValueAt<F>, F>, "field">): Setting<ValueAt<F>, F> {
  return { field, ...row };
}

export function flagOf({ key }: Pick<Setting, "key">): string {
  return `--${key.replaceAll(/[._]/g, "-")}`;
}

export function variablesOf({ key, alsoEnvironment = [] }: Pick<Setting, "key" | "alsoEnvironment">): string[] {
  return [`EXCALIBUR_${key.replaceAll(".", "_").toUpperCase()}`, ...alsoEnvironment];
}
