/**
 * node --import failing-disk.ts PROGRAM: the program as it is, which writes down every step that it takes on a disk of this computer, and
 * at one of them is killed, or told by the disk that it failed. It looks over the shoulders of Node's own functions, in every thread:
 * nothing in the program knows of it.
 *
 * EXCALIBUR_TEST_STEPS names a folder. While a file `plan` is in it, steps are appended to `steps`; the plan holds the number and the name
 * of the step to die at, or before them the code with which it fails (`ENOSPC 1 fsync film`), or nothing.
 */

import fs, { type PathLike } from "node:fs";
import type { FileHandle } from "node:fs/promises";
import { syncBuiltinESMExports } from "node:module";
import { basename, join, resolve, sep } from "node:path";
import { DatabaseSync, StatementSync } from "node:sqlite";

type AnyFunction = (...args: unknown[]) => unknown;
type Functions = Record<string, AnyFunction>;

/** The program itself is no file of its work. */
const PROGRAM = resolve(import.meta.dirname, "../../..") + sep;
const folder = process.env["EXCALIBUR_TEST_STEPS"];
const { appendFileSync, readFileSync } = fs;
const counts = new Map<string, number>();
/** Codes of SQLite for what a disk says. */
const OF_SQLITE: Readonly<Record<string, number>> = { ENOSPC: 13, EIO: 10, EROFS: 8 };

function readPlan(): string | undefined {
  try {
    return readFileSync(join(folder as string, "plan"), "utf8");
  } catch {
    // Nobody looks now.
    return undefined;
  }
}

/** The code with which this step has to fail, if it has to. */
function reach(step: string): string | undefined {
  const plan = readPlan();
  if (plan === undefined) return undefined;
  const count = (counts.get(step) ?? 0) + 1;
  counts.set(step, count);
  appendFileSync(join(folder as string, "steps"), `${step}\n`);
  if (plan === `${count} ${step}`) process.kill(process.pid, "SIGKILL");
  const [, code, planned] = /^(E[A-Z]+) (.*)$/s.exec(plan) ?? [];
  return planned === `${count} ${step}` ? code : undefined;
}

/** Without what is different every time. */
function placeOf(path: unknown): string {
  return basename(String(path))
    .replaceAll(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, "ID")
    .replace(/^\.excalibur-p\d+-[0-9a-f]{8}-/, ".excalibur-PROBE-")
    .replace(/^\.excalibur-p\d+-ID/, ".excalibur-PID-ID");
}

function refusal(code: string, what: string): Error {
  return Object.assign(new Error(`${code}: as the test wants it, ${what}`), { code });
}

function isWork(path: unknown): boolean {
  return !String(path)
    .replace(/^file:\/\//, "")
    .startsWith(PROGRAM);
}

function demandWell(step: string): void {
  const code = reach(step);
  if (code !== undefined) throw refusal(code, step);
}

/** Descriptors and what they are of. */
const opened = new Map<number, string>();

function watchSync(): void {
  const functions = fs as unknown as Functions;
  const { openSync } = fs;
  functions["openSync"] = (path, ...rest) => {
    if (!isWork(path)) return openSync(path as PathLike, ...(rest as [number]));
    demandWell(`open ${placeOf(path)}`);
    const descriptor = openSync(path as PathLike, ...(rest as [number]));
    opened.set(descriptor, placeOf(path));
    return descriptor;
  };
  for (const name of ["writeSync", "readSync", "fsyncSync"]) {
    const original = functions[name] as AnyFunction;
    functions[name] = (descriptor, ...rest) => {
      const place = opened.get(descriptor as number);
      if (place !== undefined) demandWell(`${name.replace("Sync", "")} ${place}`);
      return original.call(fs, descriptor, ...rest);
    };
  }
  for (const name of ["linkSync", "renameSync", "rmSync", "mkdirSync"]) {
    const original = functions[name] as AnyFunction;
    functions[name] = (path, ...rest) => {
      if (isWork(path)) demandWell(`${name.replace("Sync", "")} ${placeOf(path)}`);
      return original.call(fs, path, ...rest);
    };
  }
}

async function watchPromises(): Promise<void> {
  const functions = fs.promises as unknown as Functions;
  const { open } = fs.promises;
  const handles = new WeakMap<object, string>();
  const any = await open(process.execPath);
  const methods = Object.getPrototypeOf(any) as Functions;
  await any.close();
  functions["open"] = async (path, ...rest) => {
    if (isWork(path)) demandWell(`open ${placeOf(path)}`);
    const handle: FileHandle = await open(path as PathLike, ...(rest as []));
    if (isWork(path)) handles.set(handle, placeOf(path));
    return handle;
  };
  for (const name of ["mkdir", "rename"]) {
    const original = functions[name] as AnyFunction;
    functions[name] = async (path, ...rest) => {
      if (isWork(path)) demandWell(`${name} ${placeOf(path)}`);
      return await original.call(fs.promises, path, ...rest);
    };
  }
  for (const name of ["write", "writeFile", "read", "sync", "truncate"]) {
    const original = methods[name] as AnyFunction;
    methods[name] = async function (this: unknown, ...args) {
      const place = handles.get(this as object);
      if (place !== undefined) demandWell(`${name} ${place}`);
      return await original.apply(this, args);
    };
  }
}

/** The state is SQLite's, whose own writing nobody can look at: what it would say is said of the statement. */
function watchSqlite(): void {
  const demandWellOf = (what: string): void => {
    const code = reach(what);
    if (code === undefined) return;
    throw Object.assign(refusal(code, what), { code: "ERR_SQLITE_ERROR", errcode: OF_SQLITE[code] ?? 10 });
  };
  const connections = DatabaseSync.prototype as unknown as Functions;
  const exec = connections["exec"] as AnyFunction;
  connections["exec"] = function (this: unknown, sql, ...rest) {
    const [word = ""] = String(sql).trim().split(/\W/);
    if (word.toUpperCase() !== "ROLLBACK") demandWellOf(`state ${word.toLowerCase()}`);
    return exec.call(this, sql, ...rest);
  };
  const statements = StatementSync.prototype as unknown as Functions;
  const run = statements["run"] as AnyFunction;
  statements["run"] = function (this: unknown, ...args) {
    demandWellOf(`state put ${String(args[0])}`);
    return run.apply(this, args);
  };
}

if (folder !== undefined) {
  watchSync();
  await watchPromises();
  watchSqlite();
  syncBuiltinESMExports();
}
