/**
 * Every setting, one row each. From here come the loader, the flags and their help, the errors, `config show`, the example
 * file and the table in docs/operate/config.md. A field of `Config` without a row is a compile error.
 */

import { defaultDataFolder } from "../platform.ts";
import { network, postgresUrl, publicUrl } from "./addresses.ts";
import { listOf, oneOf, onOff, orWord, secret, size, text, time, wholeNumber } from "./kinds.ts";
import { type Field, type Setting, setting } from "./setting.ts";

const DAY_MS = 86_400_000;

const ROWS = [
  setting("dataFolder", {
    key: "data",
    kind: text({ allowed: "the path of a folder", placeholder: "folder" }),
    default: defaultDataFolder(),
    defaultSays: "`data` in the repository, or where the platform keeps such things",
    doc: "the data folder; in a file, relative to that file",
  }),
  setting("host", {
    key: "host",
    kind: text({ allowed: "an address or name of this machine", placeholder: "address" }),
    default: "127.0.0.1",
    defaultSays: '`"127.0.0.1"`, and with https `"0.0.0.0"`',
    doc: "address to listen on; 0.0.0.0 listens on every network",
  }),
  setting("port", {
    key: "port",
    kind: wholeNumber({ min: 0, max: 65_535, note: "0 takes any free one" }),
    default: 52_419,
    doc: "port to listen on",
  }),
  setting("publicUrls", {
    key: "public_url",
    kind: listOf(publicUrl()),
    default: [],
    defaultSays: "none",
    doc: "the address people use when it differs from where the server listens, as behind a proxy",
  }),
  setting("https", {
    key: "https",
    kind: onOff(),
    default: false,
    doc: "speaks HTTPS by itself, with a certificate of this server's own authority",
  }),
  setting("trustedProxies", {
    key: "trusted_proxies",
    kind: listOf(network()),
    default: ["loopback"],
    doc: "whose X-Forwarded-For is believed, once there is a public_url",
  }),
  setting("insecureHttp", {
    key: "insecure_http",
    kind: onOff(),
    default: false,
    doc: "allows to listen on a network without HTTPS, knowing what that means",
  }),
  setting("signUp", {
    key: "sign_up",
    kind: oneOf("invitation", "open", "closed"),
    default: "invitation",
    doc: "who may make an account: invited people, everybody, nobody",
  }),
  setting("defaultQuotaBytes", {
    key: "default_quota",
    kind: orWord("none", size()),
    default: null,
    doc: "space for each new account",
  }),
  setting("databaseUrl", {
    key: "database_url",
    kind: orWord("", postgresUrl()),
    default: null,
    defaultSays: "SQLite in the data folder",
    alsoEnvironment: ["DATABASE_URL"],
    doc: "PostgreSQL instead of the built-in SQLite",
  }),
  setting("logLevel", {
    key: "log_level",
    kind: oneOf("auto", "error", "warn", "info", "debug", "silent"),
    default: "auto",
    doc: "how much is logged on standard error; auto is warn on a terminal and info elsewhere",
  }),
  setting("shutdownMs", {
    key: "shutdown_time",
    kind: time({ minMs: 0, maxMs: 10 * 60_000 }),
    default: 10_000,
    doc: "what runs gets this long to end when the server stops",
  }),
  setting("rateLimits.generalPerMinute", {
    key: "rate_limits.general_per_minute",
    kind: wholeNumber({ min: 10, max: 10_000_000, unit: "requests a minute" }),
    default: 30_000,
    doc: "requests a minute from one network (an IPv4 address or an IPv6 /64)",
  }),
  setting("rateLimits.sensitivePerMinute", {
    key: "rate_limits.sensitive_per_minute",
    kind: wholeNumber({ min: 1, max: 10_000_000, unit: "requests a minute" }),
    default: 120,
    doc: "the same for sign-up, sign-in and recovery",
  }),
  setting("deadlines.headersMs", {
    key: "deadlines.headers",
    kind: time({ minMs: 1_000, maxMs: 10 * 60_000 }),
    default: 20_000,
    doc: "a connection whose request has not all its headers by then is ended",
  }),
  setting("deadlines.requestMs", {
    key: "deadlines.request",
    kind: time({ minMs: 10_000, maxMs: 24 * 3_600_000 }),
    default: 5 * 60_000,
    doc: "the same for a whole request; a part of a file has 4 MiB, which at 5m needs a line of 14 KiB/s",
  }),
  setting("deadlines.idleMs", {
    key: "deadlines.idle",
    kind: time({ minMs: 10_000, maxMs: 24 * 3_600_000 }),
    default: 5 * 60_000,
    doc: "a connection on which nothing moves for so long is ended, as of somebody who asked for a file and does not read it",
  }),
  setting("jobs.retentionMs", {
    key: "jobs.retention",
    kind: time({ minMs: DAY_MS, maxMs: 3650 * DAY_MS }),
    default: 30 * DAY_MS,
    doc: "what was deleted or replaced can be brought back this long",
  }),
  setting("jobs.unnamedObjectMs", {
    key: "jobs.unnamed_objects",
    kind: time({ minMs: DAY_MS, maxMs: 365 * DAY_MS }),
    default: 7 * DAY_MS,
    doc: "what was uploaded and is in no folder yet is kept this long",
  }),
  setting("jobs.scrubEveryMs", {
    key: "jobs.scrub_every",
    kind: time({ minMs: 3_600_000, maxMs: 365 * DAY_MS }),
    default: 7 * DAY_MS,
    doc: "time from the end of one scrub, which reads and compares everything that is stored, to the next",
  }),
  setting("jobs.auditRetentionMs", {
    key: "jobs.audit_retention",
    kind: time({ minMs: DAY_MS, maxMs: 3650 * DAY_MS }),
    default: 365 * DAY_MS,
    doc: "entries of the audit log are kept this long",
  }),
  setting("jobs.readBytesPerSecond", {
    key: "jobs.read_per_second",
    kind: size({ minKiB: 64 }),
    default: 16 * 1024 * 1024,
    doc: "bytes a second that housekeeping reads at most while nobody waits for it",
  }),
  setting("health.minFreeBytes", {
    key: "health.min_free",
    kind: size(),
    default: 1024 * 1024 * 1024,
    doc: "health turns red while the disk for objects has less than this free",
  }),
  setting("metrics.port", {
    key: "metrics.port",
    kind: orWord("none", wholeNumber({ min: 0, max: 65_535, note: "0 takes any free one" })),
    default: null,
    doc: "port on which figures for Prometheus are served, at /metrics",
  }),
  setting("metrics.host", {
    key: "metrics.host",
    kind: text({ allowed: "an address or name of this machine", placeholder: "address" }),
    default: "127.0.0.1",
    doc: "address for that port; another than this machine's own needs a token",
  }),
  setting("metrics.token", {
    key: "metrics.token",
    kind: orWord("", secret({ minLength: 16 })),
    default: null,
    defaultSays: "none",
    doc: "what has to be sent to read them, as Authorization: Bearer TOKEN",
  }),
] as const;

type Missing = Exclude<Field, (typeof ROWS)[number]["field"]>;
const complete: Missing extends never ? true : Missing = true;

export const SETTINGS: readonly Setting[] = complete ? (ROWS as readonly unknown[] as readonly Setting[]) : [];
