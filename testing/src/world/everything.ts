import type { Haystack } from "../canary/index.ts";
import { readFilesBelow } from "./local-files.ts";
import type { World } from "./world.ts";

/** Everything a server, its backups, its log and the network ever saw, for a search. */
export async function everythingOutside(world: World): Promise<Haystack[]> {
  const files = await world.serverFiles();
  const values = await world.databaseDump();
  return [
    ...files.map(({ path, bytes }) => ({ where: `file ${path}`, bytes })),
    ...files.map(({ path }) => ({ where: `name of ${path}`, bytes: Buffer.from(path.slice(world.folder.length)) })),
    ...values.map(({ table, column, bytes }) => ({ where: `column ${table}.${column}`, bytes })),
    ...world.wire.recorded().map((bytes, index) => ({ where: `direction ${index} of the wire`, bytes })),
    { where: "the server's log", bytes: Buffer.from(world.logs()) },
  ];
}

/** What a device keeps in its folder. */
export async function everythingOn(home: string): Promise<Haystack[]> {
  return (await readFilesBelow(home)).map(({ path, bytes }) => ({ where: `state ${path}`, bytes }));
}
