/** The built web client as it is handed out: read once, named file by file by its build, nothing else of the folder. */

import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { extname, join, normalize } from "node:path";

const NOTE_FILE = "build.json";
const START_FILE = "index.html";

const TYPES: Readonly<Record<string, string>> = {
  ".bcmap": "application/octet-stream",
  ".css": "text/css; charset=utf-8",
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json; charset=utf-8",
  ".pfb": "application/octet-stream",
  ".png": "image/png",
  ".svg": "image/svg+xml",
  ".ttf": "font/ttf",
  ".wasm": "application/wasm",
  ".webmanifest": "application/manifest+json; charset=utf-8",
  ".woff2": "font/woff2",
};

export interface WebFile {
  /** Of the address, beginning with "/". */
  readonly path: string;
  readonly type: string;
  readonly bytes: Buffer;
  readonly gzipped: Buffer | undefined;
  /** Its name says what is in it, so it never changes. */
  readonly isFixed: boolean;
}

export interface WebClient {
  /** By path; without the page itself. */
  readonly files: ReadonlyMap<string, WebFile>;
  /** The page that starts it, with a place for the nonce of its styles. */
  readonly page: string;
}

/** The folder does not hold what its build.json says. Build the client again. */
export class WebClientDamagedError extends Error {
  readonly code = "web_client_damaged";

  constructor(folder: string, file: string) {
    super(
      `The web client in ${folder} is damaged: ${file} is not as it was built. No data is affected; delete that folder and start again with npm start, which builds it anew.`,
    );
  }
}

/** undefined: none is built there. Throws WebClientDamagedError. */
export async function openWebClient(folder: string): Promise<WebClient | undefined> {
  let note: Buffer;
  try {
    note = await readFile(join(folder, NOTE_FILE));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
  const { files: hashes } = JSON.parse(note.toString()) as { files: Record<string, string> };
  const files = await Promise.all(Object.entries(hashes).map(([name, hash]) => readWebFile(folder, name, hash)));
  const byPath = new Map(files.map((file) => [file.path, file]));
  const start = byPath.get(`/${START_FILE}`);
  if (start === undefined) throw new WebClientDamagedError(folder, START_FILE);
  byPath.delete(start.path);
  const path = `/${NOTE_FILE}`;
  byPath.set(path, { path, type: TYPES[".json"]!, bytes: note, gzipped: undefined, isFixed: false });
  return { files: byPath, page: start.bytes.toString() };
}

async function readWebFile(folder: string, name: string, sha256: string): Promise<WebFile> {
  const place = join(folder, name);
  const type = TYPES[extname(name)];
  if (type === undefined || normalize(name) !== join(name) || name.startsWith("..")) {
    throw new WebClientDamagedError(folder, name);
  }
  const [bytes, gzipped] = await Promise.all([readIfThere(place), readIfThere(`${place}.gz`)]);
  if (bytes === undefined || createHash("sha256").update(bytes).digest("hex") !== sha256) {
    throw new WebClientDamagedError(folder, name);
  }
  return { path: `/${name}`, type, bytes, gzipped, isFixed: name.startsWith("assets/") };
}

async function readIfThere(place: string): Promise<Buffer | undefined> {
  try {
    return await readFile(place);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}
