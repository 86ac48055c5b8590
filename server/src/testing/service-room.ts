import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { toBase64Url } from "@excalibur/core/bytes";
import { pino } from "pino";
import { DEFAULTS, type JobSettings } from "../config/config.ts";
import type { Database } from "../db/index.ts";
import { createJobs, type JobRunner, type TaskReport } from "../jobs/index.ts";
import { type Announcement, type Announcer, inProcessAnnouncer } from "../realtime/index.ts";
import { createObjects, type Objects } from "../services/objects/index.ts";
import { createRequests, type Requests } from "../services/requests/index.ts";
import type { Transact } from "../services/transact.ts";
import { createUploads, type Uploads } from "../services/uploads/index.ts";
import { createVolume, createVolumes, type Volumes } from "../services/volumes/index.ts";
import { type BlobStore, openDiskBlobStore } from "../storage/index.ts";
import { testDatabase } from "./database.ts";
import { insertPerson, newPerson, type TestPerson } from "./people.ts";
import { VolumeWriter } from "./volume-writer.ts";

/** What a room says it is reached under. */
export const ROOM_ORIGIN = "http://127.0.0.1:52419";

const people = new Map<string, Promise<TestPerson>>();

/** The same person for the same name in every room of a test file: keys take time. */
function personOf(name: string): Promise<TestPerson> {
  const known = people.get(name) ?? newPerson(name);
  people.set(name, known);
  return known;
}

/** Services over a fresh database and disk, without HTTP; `restart` makes them anew over the same data. */
export interface ServiceRoom extends AsyncDisposable {
  readonly database: Database;
  readonly announcer: Announcer;
  readonly announced: Announcement[];
  readonly transact: Transact;
  readonly directory: string;
  nowMs: number;
  blobs: BlobStore;
  uploads: Uploads;
  objects: Objects;
  volumes: Volumes;
  requests: Requests;
  jobs: JobRunner;
  restart(): Promise<void>;
  /** Asks for a task here and now, and waits for its end. */
  perform(task: string, options?: { readonly dryRun?: boolean; readonly repair?: boolean }): Promise<TaskReport>;
  /** With an account here, made when first asked for. */
  person(name: string, options?: { readonly quotaBytes?: number | null }): Promise<TestPerson>;
  /** A stored volume of this person. */
  volumeOf(person: TestPerson): Promise<VolumeWriter>;
  usedBytes(person: TestPerson): Promise<number>;
}

export interface ServiceRoomOptions {
  readonly openBlobs?: (directory: string) => Promise<BlobStore>;
  readonly jobs?: Partial<JobSettings>;
}

export async function openServiceRoom({
  openBlobs = (directory) => openDiskBlobStore({ directory }),
  jobs: jobSettings = {},
}: ServiceRoomOptions = {}): Promise<ServiceRoom> {
  const test = await testDatabase();
  const { database } = test;
  const folder = await mkdtemp(join(tmpdir(), "excalibur-test-"));
  const directory = join(folder, "objects");
  const announcer = inProcessAnnouncer();
  const announced: Announcement[] = [];
  announcer.subscribe((announcement) => announced.push(announcement));

  const present = new Set<string>();
  const room = { nowMs: Date.now() } as ServiceRoom;
  const clock = () => room.nowMs;
  async function open(): Promise<void> {
    room.blobs = await openBlobs(directory);
    const ports = { database, blobs: room.blobs, announcer, clock };
    room.uploads = createUploads(ports);
    room.objects = createObjects(ports);
    room.volumes = createVolumes(ports);
    room.requests = createRequests({ ...ports, ...room, origins: () => new Set([ROOM_ORIGIN]) });
    const settings = { ...DEFAULTS.jobs, ...jobSettings };
    // Rests take no time here.
    const sleep = async (_ms: number, signal: AbortSignal) => signal.throwIfAborted();
    room.jobs = createJobs({ ...ports, ...room, settings, sleep, log: pino({ enabled: false }) });
  }
  await open();
  return Object.assign(room, {
    ...{ database, announcer, announced, directory },
    transact: ((work) => database.write(work)) as Transact,
    perform: async (task: string, { dryRun = false, repair = false } = {}) => {
      await room.jobs.keepLease();
      const signal = new AbortController().signal;
      return room.jobs.runTask(task, { signal, dryRun, repair, tell: () => undefined });
    },
    restart: async () => {
      await room.jobs.stop();
      await room.uploads.close();
      await room.blobs.close();
      await open();
    },
    person: async (name: string, options = {}) => {
      const person = await personOf(name);
      if (!present.has(name)) await insertPerson(database, person, options);
      present.add(name);
      return person;
    },
    volumeOf: async (person: TestPerson) => {
      const writer = new VolumeWriter(person, room.nowMs - 1000);
      const { userId: ownerUserId, identity } = person;
      const creation = { newVolume: writer.newVolume(), ownerUserId, identity, nowMs: room.nowMs };
      await database.write((tx) => createVolume(tx, creation));
      return writer;
    },
    usedBytes: async ({ userId }: TestPerson) => {
      const rows = await database.read.selectFrom("accounts").select(["user_id", "used_bytes"]).execute();
      return rows.find((row) => toBase64Url(row.user_id) === toBase64Url(userId))?.used_bytes ?? Number.NaN;
    },
    [Symbol.asyncDispose]: async () => {
      await room.jobs.stop();
      await room.uploads.close();
      await room.blobs.close();
      await test[Symbol.asyncDispose]();
      await rm(folder, { recursive: true, force: true });
    },
  });
}
