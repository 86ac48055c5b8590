/** Writes testing/vectors anew: `node testing/src/reference/generate-vectors.ts [name…]`. A changed file is a changed format. */

import { mkdirSync, writeFileSync } from "node:fs";
import { makeVectorFile, VECTOR_NAMES } from "./vector-files.ts";

const folder = new URL("../../vectors/", import.meta.url);
const chosen = process.argv.slice(2);

mkdirSync(folder, { recursive: true });
for (const name of chosen.length > 0 ? chosen : VECTOR_NAMES) {
  const text = makeVectorFile(name);
  writeFileSync(new URL(`${name}.json`, folder), text);
  process.stdout.write(`${name}.json ${text.length} bytes\n`);
}
