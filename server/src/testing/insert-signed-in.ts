import { toBase64Url } from "@excalibur/core/bytes";
import { openDatabase } from "../db/index.ts";
import { createVolume } from "../services/volumes/index.ts";
import { insertPerson, newPerson } from "./people.ts";
import { openSession, type TestSession } from "./test-session.ts";
import { VolumeWriter } from "./volume-writer.ts";

export interface InsertedPerson {
  /** base64url */
  readonly userId: string;
  readonly sessions: readonly TestSession[];
  /** Of volumes of their own, as many as were wished. */
  readonly writers: readonly VolumeWriter[];
}

export interface InsertOptions {
  /** Of a server that runs in another process. */
  readonly sqliteFile: string;
  readonly origin: string;
  readonly name: string;
  readonly sessions?: number;
  readonly volumes?: number;
}

/** Puts somebody with sessions and volumes into the database of a server that runs: nobody waits for passwords to be stretched. */
export async function insertSignedIn(options: InsertOptions): Promise<InsertedPerson> {
  const { sqliteFile, origin, name, sessions = 1, volumes = 1 } = options;
  const database = await openDatabase({ sqliteFile });
  try {
    const person = await newPerson(name);
    await insertPerson(database, person);
    const { userId, identity } = person;
    const writers = Array.from({ length: volumes }, () => new VolumeWriter(person, Date.now() - 1000));
    for (const writer of writers) {
      const creation = { newVolume: writer.newVolume(), ownerUserId: userId, identity, nowMs: Date.now() };
      await database.write((tx) => createVolume(tx, creation));
    }
    const opened: TestSession[] = [];
    for (let i = 0; i < sessions; i++) opened.push(await openSession({ origin, database, userId }));
    return { userId: toBase64Url(userId), sessions: opened, writers };
  } finally {
    await database.close();
  }
}
