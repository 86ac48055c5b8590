import type { Command } from "commander";
import { dataFolderAt, prepareDataFolder, readIfThere, writeFileSafely } from "../../config/data-folder.ts";
import { openSecrets } from "../../config/secrets.ts";
import { lockDataFolder } from "../../config/server-lock.ts";
import { defaultSettingsFile, exampleFile } from "../../config/settings/index.ts";
import { migrate, openDatabase } from "../../db/index.ts";
import { addPlaceOptions, type PlaceOptions, placeOf } from "../options.ts";
import type { Terminal } from "../terminal.ts";

async function init(flags: PlaceOptions, terminal: Terminal): Promise<void> {
  const { dataFolder, database: location } = placeOf(flags);
  const folder = dataFolderAt(dataFolder);
  await prepareDataFolder(folder);
  const lock = await lockDataFolder(folder);
  try {
    const database = await openDatabase(location);
    try {
      const { applied } = await migrate(database);
      const { madeNew } = await openSecrets(folder);
      const example = defaultSettingsFile(folder.path);
      if ((await readIfThere(example)) === undefined) await writeFileSafely(example, exampleFile());
      const done = madeNew || applied.length > 0;
      terminal.say(`${done ? "Prepared" : "Nothing to do: everything is there in"} ${folder.path}`);
    } finally {
      await database.close();
    }
  } finally {
    await lock.release();
  }
}

export function addInit(program: Command, terminal: Terminal): void {
  const command = program
    .command("init")
    .description("Make data folder, secrets and database without starting the server.");
  addPlaceOptions(command).action((flags: PlaceOptions) => init(flags, terminal));
}
