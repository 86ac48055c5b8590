/** The same bytes through nothing but AES-256-GCM and SHA-256, in pieces of a segment. Prints CPU seconds of the work alone. */

import { createCipheriv, hash, randomBytes } from "node:crypto";

const SEGMENT = 262_112;
const bytes = Number(process.argv[2]) * 2 ** 20;
const source = randomBytes(SEGMENT);
const key = randomBytes(32);
const before = process.cpuUsage();
for (let done = 0; done < bytes; done += SEGMENT) {
  const cipher = createCipheriv("aes-256-gcm", key, randomBytes(12));
  const sealed = cipher.update(source.subarray(0, Math.min(SEGMENT, bytes - done)));
  cipher.final();
  hash("sha256", sealed, "buffer");
}
const { user, system } = process.cpuUsage(before);
process.stdout.write(JSON.stringify({ cpuSeconds: (user + system) / 1e6 }));
