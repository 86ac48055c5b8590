// node client/build/main.ts [FOLDER]: builds the web client, into client/dist unless told.
import path from "node:path";
import { buildClient } from "./build.ts";
import { CLIENT_FOLDER } from "./ensure-built.ts";

await buildClient({ outFolder: path.resolve(process.argv[2] ?? CLIENT_FOLDER) });
