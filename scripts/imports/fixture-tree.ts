import { existsSync } from "node:fs";
import { cp, mkdir, mkdtemp, readdir, rm, symlink } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { readManifests } from "../checks/manifests.ts";

/**
 * A fixture is a few files of an imaginary project that break one rule. Laid out in a temporary folder beside the real package.json files
 * and dependencies, its imports resolve the way those of the project do, through the packages' `exports`.
 */
export async function withFixture<T>(root: string, fixture: string, work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(path.join(os.tmpdir(), "excalibur-imports-"));
  try {
    await cp(fixture, folder, { recursive: true });
    const modules = path.join(folder, "node_modules");
    const own = await readManifests(root);
    for (const { file, name } of own.slice(1)) {
      const room = path.dirname(file);
      await mkdir(path.join(folder, room), { recursive: true });
      await cp(path.join(root, file), path.join(folder, file));
      await link(path.join(folder, room), path.join(modules, name));
    }
    for (const name of await installedPackages(path.join(root, "node_modules"))) {
      if (!existsSync(path.join(modules, name)))
        await link(path.join(root, "node_modules", name), path.join(modules, name));
    }
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function link(target: string, place: string): Promise<void> {
  await mkdir(path.dirname(place), { recursive: true });
  await symlink(target, place, "junction");
}

async function installedPackages(modules: string): Promise<string[]> {
  const top = (await readdir(modules)).filter((name) => !name.startsWith("."));
  const scoped = top.filter((name) => name.startsWith("@") && name !== "@excalibur");
  const inScopes = await Promise.all(
    scoped.map(async (scope) => (await readdir(path.join(modules, scope))).map((name) => `${scope}/${name}`)),
  );
  return [...top.filter((name) => !name.startsWith("@")), ...inScopes.flat()];
}
