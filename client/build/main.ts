// node client/build/main.ts [FOLDER] [--app]: builds the web client, into client/dist unless told; or the pages of the app.
import path from "node:path";
import { parseArgs } from "node:util";
import { buildClient } from "./build.ts";
import { APP_FOLDER, CLIENT_FOLDER } from "./ensure-built.ts";

const { values, positionals } = parseArgs({ options: { app: { type: "boolean" } }, allowPositionals: true });
await buildClient({
  variant: values.app ? "app" : "web",
  outFolder: path.resolve(positionals[0] ?? (values.app ? APP_FOLDER : CLIENT_FOLDER)),
});
