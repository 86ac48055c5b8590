import { existsSync } from "node:fs";
import { type DataFolder, dataFolderAt, requireDataFolder } from "../config/data-folder.ts";
import { StartError } from "../config/start-error.ts";
import { type Database, openDatabase, requireMigrated } from "../db/index.ts";
import { type PlaceOptions, placeOf } from "./options.ts";

/**
 * Opens the database of a server that was set up before, whether that server runs or not, and closes it afterwards.
 * @throws StartError, DatabaseError, DatabaseNewerError, and unless `anySchema` DatabaseOlderError
 */
export async function withData<T>(
  options: PlaceOptions & { readonly anySchema?: boolean },
  work: (database: Database, folder: DataFolder) => Promise<T>,
): Promise<T> {
  const { dataFolder, database: location } = placeOf(options);
  const folder = dataFolderAt(dataFolder);
  if ("sqliteFile" in location) {
    await requireDataFolder(folder);
    if (!existsSync(location.sqliteFile)) {
      const message = `There is no database in ${folder.path}. Start the server once, or run «excalibur-server init».`;
      throw new StartError("data_folder_missing", message);
    }
  }
  const database = await openDatabase(location);
  try {
    if (!options.anySchema) await requireMigrated(database);
    return await work(database, folder);
  } finally {
    await database.close();
  }
}
