import { readFile } from "node:fs/promises";
import path from "node:path";

const GROUPS = ["dependencies", "devDependencies", "optionalDependencies"] as const;

export interface Manifest {
  /** Path of the package.json from the root. */
  readonly file: string;
  readonly name: string;
  readonly workspaces?: readonly string[];
  readonly dependencies: readonly { readonly name: string; readonly version: string }[];
}

async function readManifest(root: string, file: string): Promise<Manifest> {
  const content = JSON.parse(await readFile(path.join(root, file), "utf8")) as Record<string, unknown>;
  const dependencies = GROUPS.flatMap((group) =>
    Object.entries((content[group] ?? {}) as Record<string, string>).map(([name, version]) => ({ name, version })),
  );
  const workspaces = content["workspaces"] as string[] | undefined;
  return { file, name: content["name"] as string, dependencies, ...(workspaces === undefined ? {} : { workspaces }) };
}

/** The root's package.json and every workspace's. */
export async function readManifests(root: string): Promise<Manifest[]> {
  const top = await readManifest(root, "package.json");
  const rooms = await Promise.all((top.workspaces ?? []).map((room) => readManifest(root, `${room}/package.json`)));
  return [top, ...rooms];
}
