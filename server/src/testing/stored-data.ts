import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { concatBytes } from "@excalibur/core/bytes";
import { EXEF_HEADER_SIZE } from "@excalibur/core/exef/public";
import { type BackUpOptions, backUp, type RestoreOptions, restore } from "../backup/index.ts";
import { dataFolderAt } from "../config/data-folder.ts";
import type { Context } from "../context.ts";
import { type Database, openDatabase } from "../db/index.ts";
import { insertLeafRuns, insertObjects } from "../db/stores/objects.ts";
import { openDiskBlobStore } from "../storage/index.ts";
import { testServer } from "./index.ts";
import { collect, type OpaqueObject, opaqueObject } from "./opaque-object.ts";
import { insertPerson, newPerson } from "./people.ts";

const MIB = 1024 * 1024;

/** A running server with an account, and a folder beside it for backups and restored data. */
export interface StoredData extends AsyncDisposable {
  readonly context: Context;
  readonly database: Database;
  readonly dataFolder: string;
  readonly beside: string;
  readonly target: string;
  /** Stored as the services store it: bytes, then the row. */
  store(sizeBytes: number, kind?: "pack" | "file"): Promise<OpaqueObject>;
  forget(object: OpaqueObject): Promise<void>;
  backUp(options?: Partial<BackUpOptions>): ReturnType<typeof backUp>;
  stop(): Promise<void>;
}

let clockMs = Date.UTC(2026, 0, 1);

export async function openStoredData(): Promise<StoredData> {
  const test = await testServer();
  const { context } = test.server;
  const { database, blobs } = context;
  const beside = await mkdtemp(join(tmpdir(), "excalibur-test-"));
  const target = join(beside, "backups");
  const alice = await newPerson("alice");
  await insertPerson(database, alice);
  return {
    ...{ context, database, beside, target, dataFolder: test.dataFolder },
    store: async (sizeBytes, kind = "pack") => {
      const object = opaqueObject(sizeBytes);
      const location = kind === "pack" ? (await blobs.putSmall([object]))[0]! : await putFile(context, object);
      const row = {
        ...{ object_id: object.objectId, ciphertext_length: object.bytes.length, location, root: object.root },
        ...{ header: object.bytes.slice(0, EXEF_HEADER_SIZE), tree_hash: object.treeHash },
        ...{ uploader_user_id: alice.userId, created_ms: 1 },
      };
      const run = {
        object_id: object.objectId,
        chunk: 0,
        leaves: concatBytes(...object.leaves),
        tree_hash: object.treeHash,
      };
      await database.write(async (tx) => {
        await insertObjects(tx, [row]);
        await insertLeafRuns(tx, object.leaves.length > 1 ? [run] : []);
      });
      return object;
    },
    forget: async ({ objectId, id }) => {
      const row = await database.read
        .selectFrom("objects")
        .select("location")
        .where("object_id", "=", objectId)
        .executeTakeFirstOrThrow();
      await database.write((tx) => tx.deleteFrom("objects").where("object_id", "=", objectId).execute());
      await blobs.delete({ id, location: row.location as never });
    },
    backUp: (options = {}) => {
      clockMs += 1000;
      return backUp({ database, folder: dataFolderAt(test.dataFolder), target, nowMs: clockMs, ...options });
    },
    stop: () => test.server.close(),
    [Symbol.asyncDispose]: async () => {
      await test[Symbol.asyncDispose]();
      await rm(beside, { recursive: true, force: true });
    },
  };
}

async function putFile({ blobs }: Context, { id, bytes }: OpaqueObject) {
  const staged = await blobs.openStaged(id, bytes.length);
  await staged.writeAt(0, [bytes]);
  return staged.seal();
}

/** Restores into a new folder on SQLite, whatever the backup was made of. */
export function restoreInto(
  { target }: Pick<StoredData, "target">,
  dataFolder: string,
  more: Partial<RestoreOptions> = {},
) {
  return restore({ target, dataFolder, moveOldDataAside: false, nowMs: clockMs, ...more });
}

/** The ids of the objects in a restored folder whose bytes can be read, as a server would, and are as they were. */
export async function readableObjects(dataFolder: string, objects: readonly OpaqueObject[]): Promise<string[]> {
  const folder = dataFolderAt(dataFolder);
  const database = await openDatabase({ sqliteFile: folder.sqliteFile });
  const blobs = await openDiskBlobStore({ directory: folder.objectsFolder });
  const known = new Map(objects.map((object) => [object.id, object]));
  const listed = new Set<string>();
  for await (const { id } of blobs.list()) listed.add(id);
  const readable: string[] = [];
  try {
    for (const row of await database.read.selectFrom("objects").selectAll().execute()) {
      const id = Buffer.from(row.object_id).toString("base64url");
      const range = { offset: 0, length: row.ciphertext_length, id, location: row.location as never };
      const bytes = await collect(blobs.read(range));
      if (listed.has(id) && Buffer.compare(bytes, known.get(id)?.bytes ?? new Uint8Array()) === 0) readable.push(id);
    }
  } finally {
    await blobs.close();
    await database.close();
  }
  return readable.sort();
}

export function idsOf(objects: readonly OpaqueObject[]): string[] {
  return objects.map(({ id }) => id).sort();
}

/** Every file below a folder with its content, but for locks. */
export async function filesBelow(folder: string): Promise<Map<string, Buffer>> {
  const files = new Map<string, Buffer>();
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || entry.name.endsWith(".lock")) continue;
    const path = join(entry.parentPath, entry.name);
    files.set(path.slice(folder.length + 1), await readFile(path));
  }
  return files;
}

export const LARGE_BYTES = 2.5 * MIB;
