import type { DatabaseLocation } from "../db/index.ts";
import { nested } from "./settings/nested.ts";
import { SETTINGS } from "./settings/table.ts";

export type SignUpPolicy = "invitation" | "open" | "closed";
export type LogLevel = "auto" | "error" | "warn" | "info" | "debug" | "silent";

/** Requests a minute and network (an IPv4 address or an IPv6 /64). */
export interface RateLimits {
  readonly generalPerMinute: number;
  /** Sign-up, sign-in, recovery. */
  readonly sensitivePerMinute: number;
}

/** How long the other end of a connection may take before the connection is ended. */
export interface Deadlines {
  /** Until the headers of a request are there. */
  readonly headersMs: number;
  /** Until a request is there, its body included. */
  readonly requestMs: number;
  /** A connection on which not a byte moved, in either direction, while a request was under way. */
  readonly idleMs: number;
}

/** Housekeeping: what is kept how long, and how much reading it may cost. */
export interface JobSettings {
  /** Deleted objects and replaced folder pages can be brought back this long. */
  readonly retentionMs: number;
  /** Objects that no commit has named are kept this long after the server said that it has them. */
  readonly unnamedObjectMs: number;
  /** From the end of one scrub to the begin of the next. */
  readonly scrubEveryMs: number;
  /** Entries of the audit log are forgotten after it. */
  readonly auditRetentionMs: number;
  /** What scheduled jobs read at most, per second. */
  readonly readBytesPerSecond: number;
}

/** When health turns red. */
export interface HealthSettings {
  /** Less than this free on the disk for objects. */
  readonly minFreeBytes: number;
}

/** Where figures for Prometheus are served, apart from everything else. */
export interface MetricsSettings {
  /** null: nowhere, and nothing is counted. */
  readonly port: number | null;
  readonly host: string;
  /** Asked for as `authorization: Bearer …`; needed where others than this machine can ask. */
  readonly token: string | null;
}

/**
 * Everything a server can be told. Made of flags, environment and file by settings/, and by hand in tests. Every field but
 * `database` has its row in settings/table.ts, with its default.
 */
export interface Config {
  /** Absolute. Holds secrets, objects and, unless it is PostgreSQL, the database. */
  readonly dataFolder: string;
  readonly database: DatabaseLocation;
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  /** Addresses under which people reach the server beside the one it listens on; may have a path. */
  readonly publicUrls: readonly string[];
  /** Speaks HTTPS by itself, with a certificate of its own authority. */
  readonly https: boolean;
  /** Addresses and networks of proxies that may say whom they speak for. */
  readonly trustedProxies: readonly string[];
  /** Somebody knows that the network sees plain http. */
  readonly insecureHttp: boolean;
  readonly signUp: SignUpPolicy;
  /** For new accounts; null: no limit. */
  readonly defaultQuotaBytes: number | null;
  readonly logLevel: LogLevel;
  readonly rateLimits: RateLimits;
  readonly deadlines: Deadlines;
  readonly jobs: JobSettings;
  readonly health: HealthSettings;
  readonly metrics: MetricsSettings;
  /** What runs gets this long to end when the server stops. */
  readonly shutdownMs: number;
}

/** What holds where nothing is said. */
export const DEFAULTS: Omit<Config, "dataFolder" | "database"> = defaults();

function defaults(): Omit<Config, "dataFolder" | "database"> {
  const rows = SETTINGS.filter(({ field }) => field !== "dataFolder" && field !== "databaseUrl");
  return nested(rows.map((row) => [row.field, row.default])) as Omit<Config, "dataFolder" | "database">;
}
