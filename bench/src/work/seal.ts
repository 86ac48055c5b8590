/** Seals so many MiB as the product does: parts of 4 MiB, leaves hashed, buffers used again. Prints CPU seconds of the work alone. */

import { randomBytes } from "node:crypto";
import { EXEF_KIND } from "@excalibur/core/exef/public";
import { ObjectSealer, partBufferSize } from "@excalibur/core/exef/secret";

const mebibytes = Number(process.argv[2]);
const sealer = new ObjectSealer({
  fileKey: randomBytes(32),
  objectId: randomBytes(16),
  kind: EXEF_KIND.content,
  size: mebibytes * 2 ** 20,
});
const source = randomBytes(5 * 2 ** 20);
const into = new Uint8Array(partBufferSize(sealer));
const before = process.cpuUsage();
for (let part = 0; part < sealer.partCount; part++) {
  const { start, end } = sealer.plaintextRangeOfPart(part);
  await sealer.sealPart(part, source.subarray(0, end - start), into);
}
const { user, system } = process.cpuUsage(before);
process.stdout.write(JSON.stringify({ cpuSeconds: (user + system) / 1e6 }));
