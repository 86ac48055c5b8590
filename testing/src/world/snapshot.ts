/**
 * [Note: People are made once]
 * Stretching passwords takes its time, on purpose, and no test gets a cheaper one. So before the first story of a run its
 * people sign up for real on a fresh server; then that server is closed, and its folder, its PostgreSQL database and the
 * people's devices are kept. Every world begins as a copy of them. The processes of a run find the folders by
 * EXCALIBUR_WORLD_SNAPSHOTS.
 */

import { existsSync } from "node:fs";
import { cp, mkdir, mkdtemp, readFile, rename, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { utf8Decode, utf8Encode } from "@excalibur/core/bytes";
import { startServer } from "@excalibur/server";
import { SqliteCache } from "excalibur/platform";
import { createPostgresDatabase, type DatabaseKind, postgresUrl } from "./database.ts";
import { Device } from "./device.ts";
import { STATE_FILE } from "./device-ports.ts";
import type { PersonFacts } from "./person.ts";
import { FOLDERS_OF_RUN } from "./snapshot-folders.ts";
import { Wire } from "./wire.ts";

export const NAMES = ["alice", "bob", "carol", "dave"] as const;
export type PersonName = (typeof NAMES)[number];
export const DEVICE_NAMES = ["laptop", "phone"] as const;

const WAIT_MS = 50;
const LONGEST_WAIT_MS = 60_000;

interface SnapshotFacts {
  readonly origin: string;
  /** PostgreSQL only: the template. */
  readonly database?: string;
  readonly people: readonly PersonFacts[];
}

export interface Snapshot extends SnapshotFacts {
  readonly folder: string;
}

const known = new Map<DatabaseKind, Promise<Snapshot>>();

/** The snapshot of this run, made by whoever needs it first: `testing/global-setup.ts`, before the time of any test runs. */
export function snapshotOf(kind: DatabaseKind): Promise<Snapshot> {
  const snapshot = known.get(kind) ?? findOrMake(kind);
  known.set(kind, snapshot);
  return snapshot;
}

async function findOrMake(kind: DatabaseKind): Promise<Snapshot> {
  const folders = process.env[FOLDERS_OF_RUN] ?? (await mkdtemp(join(tmpdir(), "excalibur-snapshots-")));
  const folder = join(folders, kind);
  const facts = join(folder, "facts.json");
  if (await claim(join(folders, `${kind}.claimed`))) {
    const made = await make(kind, `${folder}.making`);
    await writeFile(join(`${folder}.making`, "facts.json"), JSON.stringify(made));
    await rename(`${folder}.making`, folder);
    return { ...made, folder };
  }
  for (let waitedMs = 0; waitedMs < LONGEST_WAIT_MS; waitedMs += WAIT_MS) {
    // The folder gets its name when everything in it is complete.
    if (existsSync(facts)) return { ...(JSON.parse(await readFile(facts, "utf8")) as SnapshotFacts), folder };
    await delay(WAIT_MS);
  }
  throw new Error("The people of this run could not be made; the first story that failed says why.");
}

async function claim(path: string): Promise<boolean> {
  try {
    await mkdir(path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

async function make(kind: DatabaseKind, folder: string): Promise<SnapshotFacts> {
  await mkdir(folder, { recursive: true });
  const database = kind === "postgres" ? await createPostgresDatabase() : undefined;
  await using wire = await Wire.lay();
  await using server = await startServer({
    dataFolder: serverFolderOf(folder),
    port: 0,
    signUp: "open",
    publicUrls: [wire.origin],
    ...(database === undefined ? {} : { database: { postgresUrl: postgresUrl(database) } }),
  });
  wire.leadTo(Number(new URL(server.origin).port));
  const people: PersonFacts[] = [];
  for (const name of NAMES) people.push(await makePerson(name, { folder, server: wire.origin }));
  return { origin: wire.origin, people, ...(database === undefined ? {} : { database }) };
}

export function passwordOf(name: PersonName): string {
  return `${name}'s long password, 2026`;
}

async function makePerson(
  name: PersonName,
  { folder, server }: { readonly folder: string; readonly server: string },
): Promise<PersonFacts> {
  const password = passwordOf(name);
  const [laptopName, phoneName] = DEVICE_NAMES;
  await using laptop = await Device.switchOn({ home: homeOf(folder, name, laptopName), server });
  const way = { server, name, password, client: "cli" } as const;
  const { recoveryWords, problem } = await laptop.excalibur.signUp({ ...way, deviceName: laptopName });
  if (problem !== undefined) throw problem;
  await using phone = await Device.switchOn({ home: homeOf(folder, name, phoneName), server });
  await phone.excalibur.signIn({ ...way, deviceName: phoneName });
  return { name, password, recoveryWords: recoveryWords.join(" ") };
}

export function serverFolderOf(folder: string): string {
  return join(folder, "server");
}

export function homeOf(folder: string, person: string, device: string): string {
  return join(folder, "homes", person, device);
}

/** Copies what the server and these people have into the folder of a world. */
export async function copySnapshot(snapshot: Snapshot, folder: string): Promise<{ readonly database?: string }> {
  await cp(snapshot.folder, folder, { recursive: true });
  return snapshot.database === undefined ? {} : { database: await createPostgresDatabase(snapshot.database) };
}

/** Before a device of the snapshot is switched on in a world: the address of the server stands in a public row of its state. */
export async function moveServer(home: string, origin: string): Promise<void> {
  const cache = await SqliteCache.open(join(home, STATE_FILE));
  try {
    const row = await cache.get("device", "account");
    if (row === undefined) throw new Error(`Nobody is signed in on ${home}.`);
    const value = utf8Encode(JSON.stringify({ ...JSON.parse(utf8Decode(row)), server: origin }));
    await cache.write({ puts: [{ table: "device", key: "account", value }] });
  } finally {
    await cache.close();
  }
}
