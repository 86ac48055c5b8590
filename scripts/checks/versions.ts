import { type Manifest, readManifests } from "./manifests.ts";

/** One version, of this package or of the one it is another name for. */
const EXACT = /^(npm:(@[a-z0-9-]+\/)?[a-z0-9.-]+@)?\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?$/;

/** Ranges let a build change without a commit. */
export function findLooseVersions(manifests: readonly Manifest[]): string[] {
  return manifests.flatMap(({ file, dependencies }) =>
    dependencies
      .filter(({ version }) => !EXACT.test(version))
      .map(({ name, version }) => `${file}: ${name} is "${version}"; write one exact version`),
  );
}

export async function checkVersions(root: string): Promise<string[]> {
  return findLooseVersions(await readManifests(root));
}
