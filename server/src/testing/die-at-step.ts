/**
 * node --import die-at-step.ts PROGRAM: the program as it is, which writes down every step by which it changes a disk or a
 * database, and kills itself at one of them. It looks over the shoulders of Node's own functions: nothing in the server
 * knows of it, so nothing in a server can be told to do this.
 *
 * EXCALIBUR_TEST_STEPS names a folder. While a file `plan` is in it, steps are appended to `steps`; the plan holds the number
 * and the name of the step to die at, or nothing. A step is "before …" or "after …" a call.
 */

import { appendFileSync, constants, promises, readFileSync } from "node:fs";
import type { FileHandle } from "node:fs/promises";
import { syncBuiltinESMExports } from "node:module";
import { join } from "node:path";
import { isMainThread, Worker } from "node:worker_threads";

const folder = process.env["EXCALIBUR_TEST_STEPS"];
let lastPlan: string | undefined;
let counts = new Map<string, number>();

function readPlan(): string | undefined {
  try {
    return readFileSync(join(folder as string, "plan"), "utf8");
  } catch {
    // Nobody looks now.
    return undefined;
  }
}

function reach(step: string): void {
  const plan = readPlan();
  if (plan === undefined) return;
  if (plan !== lastPlan) counts = new Map();
  lastPlan = plan;
  const count = (counts.get(step) ?? 0) + 1;
  counts.set(step, count);
  appendFileSync(join(folder as string, "steps"), `${step}\n`);
  if (plan === `${count} ${step}`) process.kill(process.pid, "SIGKILL");
}

async function around<T>(what: string, work: () => Promise<T>): Promise<T> {
  reach(`before ${what}`);
  const result = await work();
  reach(`after ${what}`);
  return result;
}

/** Without what is different every time. */
function placeOf(path: unknown): string {
  const text = String(path);
  const below = text.slice(text.lastIndexOf("/objects/") + 1);
  const short = below === text || below === "" ? (text.split("/").at(-1) ?? "") : below;
  return short
    .replaceAll(/[0-9a-f]{32}/g, "ID")
    .replaceAll(/[0-9a-f]{16}/g, "NAME")
    .replaceAll(/large\/[0-9a-f]{2}(?![0-9a-f])/g, "large/AB");
}

type AnyFunction = (...args: unknown[]) => Promise<unknown>;

async function watchDisk(): Promise<void> {
  const paths = new WeakMap<object, string>();
  const functions = promises as unknown as Record<string, AnyFunction>;
  const { open } = promises;
  const handle = await open(process.execPath);
  const methods = Object.getPrototypeOf(handle) as Record<string, AnyFunction>;
  await handle.close();

  for (const name of ["mkdir", "rename", "unlink", "rm", "truncate"]) {
    const original = functions[name] as AnyFunction;
    functions[name] = (...args) => around(`${name} ${placeOf(args[0])}`, () => original.apply(promises, args));
  }
  functions["open"] = async (...args) => {
    const isMaking = typeof args[1] === "number" ? (args[1] & constants.O_CREAT) !== 0 : /[wa]/.test(String(args[1]));
    const opening = () => open(...(args as Parameters<typeof open>));
    const opened: FileHandle = isMaking ? await around(`make ${placeOf(args[0])}`, opening) : await opening();
    paths.set(opened, placeOf(args[0]));
    return opened;
  };
  for (const name of ["write", "writev", "writeFile", "datasync", "sync", "truncate"]) {
    const original = methods[name] as AnyFunction;
    methods[name] = function (this: object, ...args) {
      return around(`${name} ${paths.get(this)}`, () => original.apply(this, args));
    };
  }
  syncBuiltinESMExports();
}

/** What a statement changes; undefined: nothing. A commit is named after what was changed last. */
function changeOf(sql: string, last: string | undefined): string | undefined {
  const text = sql.trim().toLowerCase();
  if (text === "commit") return last === undefined ? undefined : `commit (${last})`;
  const found = /^(insert|update|delete|create|alter|drop|vacuum)\b[^"(]*?(?:"(\w+)")?/.exec(text);
  const table =
    /^(?:insert into|update|delete from|create table(?: if not exists)?|alter table|drop table)\s+"?(\w+)/.exec(
      text,
    )?.[1];
  return found === null ? undefined : `${found[1]} ${table ?? ""}`.trim();
}

function watchSqlite(): void {
  interface Watched {
    last: string | undefined;
    readonly asked: Map<number, string>;
  }
  const workers = new WeakMap<object, Watched>();
  const prototype = Worker.prototype as unknown as {
    postMessage: (message: unknown, ...rest: unknown[]) => void;
    emit: (name: string, ...args: unknown[]) => boolean;
  };
  const { postMessage, emit } = prototype;
  prototype.postMessage = function (this: object, message, ...rest) {
    const { id, sql } = message as { readonly id?: number; readonly sql?: string };
    const watched = workers.get(this) ?? { last: undefined, asked: new Map() };
    workers.set(this, watched);
    const change = typeof sql === "string" ? changeOf(sql, watched.last) : undefined;
    if (change !== undefined && id !== undefined) {
      watched.last = change.startsWith("commit") ? undefined : change;
      watched.asked.set(id, change);
      reach(`before ${change}`);
    }
    postMessage.call(this, message, ...rest);
  };
  prototype.emit = function (this: object, name, ...args) {
    const { id } = (args[0] ?? {}) as { readonly id?: number };
    const change = name === "message" && id !== undefined ? workers.get(this)?.asked.get(id) : undefined;
    if (change !== undefined && id !== undefined) {
      workers.get(this)?.asked.delete(id);
      reach(`after ${change}`);
    }
    return emit.call(this, name, ...args);
  };
}

async function watchPostgres(): Promise<void> {
  const { default: pg } = await import("pg");
  const lasts = new WeakMap<object, string>();
  const prototype = pg.Client.prototype as unknown as Record<string, AnyFunction>;
  const query = prototype["query"] as AnyFunction;
  prototype["query"] = function (this: object, ...args) {
    const [asked] = args as [string | { readonly text?: string }];
    const sql = typeof asked === "string" ? asked : asked.text;
    const change = sql === undefined ? undefined : changeOf(sql, lasts.get(this));
    if (change === undefined) return query.apply(this, args);
    if (change.startsWith("commit")) lasts.delete(this);
    else lasts.set(this, change);
    return around(change, () => query.apply(this, args));
  };
}

if (folder !== undefined && isMainThread) {
  await watchDisk();
  watchSqlite();
  if (process.argv.includes("--database-url")) await watchPostgres();
}
