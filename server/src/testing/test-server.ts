import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type RunningServer, type StartOptions, startServer } from "../index.ts";
import { createVolume } from "../services/volumes/index.ts";
import { locationWithTables } from "./database.ts";
import { insertPerson, newPerson, type TestPerson } from "./people.ts";
import { giveSecrets } from "./prepared-secrets.ts";
import { openSession, type TestSession } from "./test-session.ts";
import { VolumeWriter } from "./volume-writer.ts";

export interface SignedInPerson {
  readonly person: TestPerson;
  readonly session: TestSession;
}

/** A real server over a fresh database and folder. People come without OPAQUE: their rows are put in place. */
export interface TestServer extends AsyncDisposable {
  readonly running: RunningServer;
  readonly origin: string;
  signedIn(name: string, options?: { readonly quotaBytes?: number | null }): Promise<SignedInPerson>;
  volumeOf(person: TestPerson): Promise<VolumeWriter>;
}

export async function startTestServer(options: Partial<StartOptions> = {}): Promise<TestServer> {
  const place = await locationWithTables();
  const dataFolder = await mkdtemp(join(tmpdir(), "excalibur-test-"));
  await giveSecrets(dataFolder);
  const running = await startServer({
    port: 0,
    dataFolder,
    database: place.location,
    rateLimits: { generalPerMinute: 1_000_000, sensitivePerMinute: 1_000_000 },
    shutdownMs: 2_000,
    ...options,
  });
  const { origin, context } = running;
  return {
    running,
    origin,
    signedIn: async (name, personOptions = {}) => {
      const person = await newPerson(name);
      await insertPerson(context.database, person, personOptions);
      return { person, session: await openSession({ origin, database: context.database, userId: person.userId }) };
    },
    volumeOf: async (person) => {
      const writer = new VolumeWriter(person, Date.now() - 1000);
      const { userId: ownerUserId, identity } = person;
      const creation = { newVolume: writer.newVolume(), ownerUserId, identity, nowMs: Date.now() };
      await context.database.write((tx) => createVolume(tx, creation));
      return writer;
    },
    [Symbol.asyncDispose]: async () => {
      await running.close();
      await place[Symbol.asyncDispose]();
      await rm(dataFolder, { recursive: true, force: true });
    },
  };
}
