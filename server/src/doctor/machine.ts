/** The computer: versions, disk, permissions, ports. */

import { once } from "node:events";
import { open, readFile, rm, stat, statfs } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { PROGRAM_VERSION } from "@excalibur/core/protocol";
import { readIfThere } from "../config/data-folder.ts";
import { tlsFilesIn } from "../config/tls-files.ts";
import { type Finding, failed, ok, warning } from "./finding.ts";
import type { Patient } from "./patient.ts";

const OLDEST_NODE = 24;
const GIB = 1024 ** 3;
/** Uploads are refused soon. */
const FULL_BYTES = 256 * 1024 * 1024;
const LOW_BYTES = 2 * GIB;

export function checkVersions(node = process.versions.node): readonly Finding[] {
  const programs = `Excalibur ${PROGRAM_VERSION} on Node ${node}`;
  if (Number.parseInt(node, 10) >= OLDEST_NODE) return [ok("versions", programs)];
  return [failed("versions", programs, `Take Node ${OLDEST_NODE} or newer; «npm start» brings its own.`)];
}

function sizeText(sizeBytes: number): string {
  return `${(sizeBytes / GIB).toFixed(1)} GiB`;
}

async function proveWritable(folder: string): Promise<void> {
  const path = join(folder, `.doctor-${process.pid}`);
  const proof = `written at ${path}`;
  const file = await open(path, "wx", 0o600);
  try {
    await file.writeFile(proof);
    await file.sync();
  } finally {
    await file.close();
  }
  try {
    if ((await readFile(path, "utf8")) !== proof) throw new Error("what was read is not what was written");
  } finally {
    await rm(path, { force: true });
  }
}

export async function checkDisk({ folder }: Patient): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  try {
    await proveWritable(folder.path);
    findings.push(ok("writable", `${folder.path} can be written, and is read back as it was written`));
  } catch (error) {
    const { code, message } = error as { code?: string; message: string };
    const advice =
      "Give the folder to the user the server runs as, mount its disk for writing, or free some space on it.";
    findings.push(failed("writable", `${folder.path} cannot be written: ${code ?? message}`, advice));
  }
  const { bavail, bsize, blocks, files, ffree } = await statfs(folder.path);
  const freeBytes = bavail * bsize;
  const said = `${sizeText(freeBytes)} of ${sizeText(blocks * bsize)} are free`;
  const advice = "Free some space, move the data folder to a larger disk, or lower quotas.";
  if (freeBytes < FULL_BYTES) findings.push(failed("disk", said, advice));
  else if (freeBytes < LOW_BYTES) findings.push(warning("disk", said, advice));
  else findings.push(ok("disk", said));
  if (files > 0 && ffree / files < 0.02) {
    findings.push(
      warning(
        "inodes",
        `${ffree} more files fit on this disk`,
        "Remove small files elsewhere on it, or use a disk made with more inodes.",
      ),
    );
  }
  return findings;
}

interface Guarded {
  readonly path: string;
  readonly what: string;
  /** The closed folder around it is enough. */
  readonly mayBeOpen?: boolean;
}

async function problemOf({ path, what, mayBeOpen = false }: Guarded): Promise<Finding | undefined> {
  let mode: number;
  let uid: number;
  try {
    ({ mode, uid } = await stat(path));
  } catch (error) {
    if ((error as { code?: string }).code === "ENOENT") return undefined;
    return failed(
      "permissions",
      `${path} (${what}) cannot be looked at: ${(error as { code?: string }).code}`,
      "Run doctor as the user the server runs as.",
    );
  }
  const self = process.getuid?.();
  if (self !== undefined && self !== 0 && uid !== self) {
    return failed(
      "permissions",
      `${path} (${what}) belongs to another user`,
      `Run the server as that user, or chown ${path}.`,
    );
  }
  if (mayBeOpen || (mode & 0o077) === 0) return undefined;
  const bits = (mode & 0o777).toString(8).padStart(3, "0");
  return failed("permissions", `${path} (${what}) can be used by other users (mode ${bits})`, `chmod go= ${path}`);
}

export async function checkPermissions({ folder, settings }: Patient): Promise<readonly Finding[]> {
  // Windows has no such modes; folders of a user are closed to others there.
  if (process.platform === "win32") return [];
  const tls = tlsFilesIn(folder.path);
  const holdsSecret = settings.effective.some(({ setting, source }) => setting.kind.masked && source === "file");
  const guarded: Guarded[] = [
    { path: folder.path, what: "the data folder" },
    { path: folder.secretsFile, what: "what passwords are checked with" },
    { path: folder.sqliteFile, what: "the database", mayBeOpen: true },
    { path: tls.authorityKey, what: "the key of the certificate authority" },
    { path: tls.server, what: "the key of the certificate" },
    ...(holdsSecret ? [{ path: settings.file, what: "settings with the password of a database" }] : []),
  ];
  const problems = (await Promise.all(guarded.map(problemOf))).filter((finding) => finding !== undefined);
  return problems.length > 0 ? problems : [ok("permissions", "data folder and secrets are for their owner only")];
}

/** With secrets gone nobody's password works; better known before the next start makes new ones. */
export async function checkSecrets({ folder }: Patient): Promise<readonly Finding[]> {
  const text = await readIfThere(folder.secretsFile);
  if (text !== undefined) return [ok("secrets", "the secrets file is there")];
  const advice =
    "Put secrets.json back from a backup before the server is started again; without it no password works any more.";
  return [failed("secrets", `${folder.secretsFile} is missing`, advice)];
}

export async function checkPort({ settings: { config }, running }: Patient): Promise<readonly Finding[]> {
  const place = `port ${config.port} on ${config.host}`;
  if (running !== undefined) return [ok("port", `the server answers at ${running.origin}`)];
  const server = createServer();
  try {
    server.listen({ host: config.host, port: config.port, exclusive: true });
    await once(server, "listening");
    return [ok("port", `${place} is free; no server runs on this data folder`)];
  } catch (error) {
    const { code = "" } = error as { code?: string };
    const advice: Readonly<Record<string, string>> = {
      EADDRINUSE: "Another program has it: stop that one, or choose another with port.",
      EACCES: "This user may not open it: choose one above 1023.",
      EADDRNOTAVAIL: "This machine has no such address: name one of its own with host.",
    };
    return [
      failed("port", `${place} cannot be opened (${code})`, advice[code] ?? "Choose another one with host and port."),
    ];
  } finally {
    if (server.listening) server.close();
  }
}
