import { chmod, mkdir, open, readFile, rename, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { StartError } from "./start-error.ts";

const README = `This folder is the whole of one Excalibur server.

  excalibur.sqlite (and -wal, -shm)  accounts, encrypted folders, who may read what (absent when PostgreSQL is used)
  objects/                           encrypted files
  secrets.json                       what passwords are checked with
  excalibur.toml                     settings, if there are any
  tls/                               with --https: the certificate authority that devices trust
  running.json, server.lock          there while a server runs, or left over from one that was killed

A backup needs ALL of it (and PostgreSQL's data, if that is used): «excalibur-server backup TARGET» makes one while the server runs.
Stop the server before you copy the folder by other means.
Without secrets.json no password works any more; everybody must then use their recovery words.
With the database AND secrets.json somebody can try out passwords, so keep both where only you can read them.
Nothing here can be read as a file's content or name: those keys are only with the people who use the server.
`;

export interface DataFolder {
  readonly path: string;
  readonly sqliteFile: string;
  readonly objectsFolder: string;
  readonly secretsFile: string;
  readonly lockFile: string;
  readonly runningFile: string;
  readonly firstInvitationFile: string;
}

export function dataFolderAt(path: string): DataFolder {
  return {
    path,
    sqliteFile: join(path, "excalibur.sqlite"),
    objectsFolder: join(path, "objects"),
    secretsFile: join(path, "secrets.json"),
    lockFile: join(path, "server.lock"),
    runningFile: join(path, "running.json"),
    firstInvitationFile: join(path, "first-invitation.txt"),
  };
}

const REASONS: Readonly<Record<string, string>> = {
  EACCES: "this user may not write there. Change its owner, or choose another folder with --data",
  EPERM: "this user may not write there. Change its owner, or choose another folder with --data",
  EROFS: "its disk is mounted read-only. Mount it for writing, or choose another folder with --data",
  ENOSPC: "its disk is full. Free some space, or choose another folder with --data",
  EDQUOT: "this user's disk quota is used up. Free some space, or choose another folder with --data",
  ENOTDIR: "a part of that path is a file, not a folder. Choose another folder with --data",
  ENOENT: "the system lets nobody make a folder there. Choose another folder with --data",
  EEXIST: "there is a file of that name. Choose another folder with --data",
  ENAMETOOLONG: "the path is too long. Choose another folder with --data",
};

export function folderProblem(path: string, cause: unknown): StartError {
  const code = (cause as { code?: string }).code ?? "";
  const reason = REASONS[code] ?? `the system said ${code || "no"}. Choose another folder with --data`;
  return new StartError("data_folder_unusable", `The data folder ${path} cannot be used: ${reason}.`, {}, cause);
}

/** Step by step: Node's own recursive mkdir never ends where the system denies that a folder exists, as in /proc. */
async function makeFolder(path: string): Promise<void> {
  try {
    await mkdir(path, { mode: 0o700 });
  } catch (error) {
    const { code } = error as { code?: string };
    if (code === "EEXIST" && (await stat(path)).isDirectory()) return;
    const parent = dirname(path);
    if (code !== "ENOENT" || parent === path || (await isFolder(parent))) throw error;
    await makeFolder(parent);
    await mkdir(path, { mode: 0o700 });
  }
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch {
    // Not there, or not to be looked at: not usable as one either way.
    return false;
  }
}

/** Makes the folder, for its owner only, and what a person finds in it; proves that it can be written. @throws StartError */
export async function prepareDataFolder(folder: DataFolder): Promise<void> {
  try {
    await makeFolder(folder.path);
    await chmod(folder.path, 0o700);
    await writeFileSafely(join(folder.path, "README.txt"), README);
  } catch (error) {
    throw folderProblem(folder.path, error);
  }
}

/** For commands on a server that was set up before. @throws StartError */
export async function requireDataFolder(folder: DataFolder): Promise<void> {
  if (await isFolder(folder.path)) return;
  throw new StartError(
    "data_folder_missing",
    `There is no data folder at ${folder.path}. Start the server once, run «excalibur-server init», or name the folder with --data.`,
  );
}

/** All of the new content or all of the old, also after a power cut; readable for the owner only. */
export async function writeFileSafely(path: string, content: string): Promise<void> {
  const unfinished = `${path}.new`;
  await rm(unfinished, { force: true });
  const file = await open(unfinished, "wx", 0o600);
  try {
    await file.writeFile(content);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(unfinished, path);
}

/** The text of a file, or undefined if there is none. */
export async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if ((error as { code?: string }).code === "ENOENT") return undefined;
    throw error;
  }
}
