import type { DatabaseLocation } from "../db/index.ts";

export type SignUpPolicy = "invitation" | "open" | "closed";

/** Requests a minute and network (an IPv4 address or an IPv6 /64). */
export interface RateLimits {
  readonly generalPerMinute: number;
  /** Sign-up, sign-in, recovery. */
  readonly sensitivePerMinute: number;
}

/** Everything a server can be told. Made of flags and environment by cli/, and by hand in tests. */
export interface Config {
  /** Absolute. Holds secrets, objects and, unless it is PostgreSQL, the database. */
  readonly dataFolder: string;
  readonly database: DatabaseLocation;
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  /** Addresses under which people reach the server beside the one it listens on; may have a path. */
  readonly publicUrls: readonly string[];
  readonly signUp: SignUpPolicy;
  /** For new accounts; null: no limit. */
  readonly defaultQuotaBytes: number | null;
  readonly rateLimits: RateLimits;
  /** What runs gets this long to end when the server stops. */
  readonly shutdownMs: number;
}

export const DEFAULTS = {
  host: "127.0.0.1",
  port: 52_419,
  signUp: "invitation",
  defaultQuotaBytes: null,
  rateLimits: { generalPerMinute: 30_000, sensitivePerMinute: 120 },
  shutdownMs: 10_000,
} as const satisfies Partial<Config>;
