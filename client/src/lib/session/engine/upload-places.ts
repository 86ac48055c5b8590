import { toHex } from "@excalibur/core/bytes";
import { type Files, NotAFolderError, numberedName, requireName } from "@excalibur/sdk";
import type { Conflict } from "./transfer-types.ts";

type There = Conflict["there"];
type Tree = Pick<Files, "list" | "makeTree">;

/** The folders of one upload on the drive: what stands in them, and where the paths of the entries lead. */
export class UploadPlaces {
  readonly #files: Tree;
  readonly #folderId: Uint8Array;
  readonly #made = new Map<string, Uint8Array>();
  readonly #names = new Map<string, Promise<Map<string, There>>>();

  constructor(files: Tree, folderId: Uint8Array) {
    this.#files = files;
    this.#folderId = folderId;
  }

  /** What has this name in the folder. Read once for each folder, so that many files cost one look. */
  async there(folderId: Uint8Array, name: string): Promise<There | undefined> {
    return (await this.#namesIn(folderId)).get(requireName(name));
  }

  /** From now on the name counts as taken. */
  async take(folderId: Uint8Array, name: string, there: There): Promise<void> {
    (await this.#namesIn(folderId)).set(requireName(name), there);
  }

  /** What was to have the name does not come, or not yet. */
  release(folderId: Uint8Array, name: string): void {
    const names = this.#names.get(toHex(folderId));
    // A list that could not be read holds nothing.
    void names?.then(
      (known) => known.delete(requireName(name)),
      () => undefined,
    );
  }

  /** Somebody else was quicker: look again. */
  forget(folderId: Uint8Array): void {
    this.#names.delete(toHex(folderId));
  }

  /** The name, or with the first number that nothing has. */
  async freeName(folderId: Uint8Array, name: string): Promise<string> {
    const names = await this.#namesIn(folderId);
    for (let number = 2; ; number++) {
      const candidate = numberedName(requireName(name), number);
      if (!names.has(candidate)) return candidate;
    }
  }

  /**
   * Makes what is missing of these paths, in one commit if nothing stands in the way. Afterwards `at` knows them; those
   * that could not be made are given with the reason.
   */
  async make(paths: readonly (readonly string[])[]): Promise<Map<string, unknown>> {
    const failures = new Map<string, unknown>();
    const missing = new Map(paths.map((path) => [keyOf(path), path]));
    for (const key of missing.keys()) if (key === "" || this.#made.has(key)) missing.delete(key);
    await this.#makeOrHalve([...missing], failures);
    return failures;
  }

  /** nodeId of a path that was made. */
  at(path: readonly string[]): Uint8Array | undefined {
    return path.length === 0 ? this.#folderId : this.#made.get(keyOf(path));
  }

  /** One path in whose way a file stands fails alone: halved until it is found. */
  async #makeOrHalve(
    missing: readonly (readonly [string, readonly string[]])[],
    failures: Map<string, unknown>,
  ): Promise<void> {
    if (missing.length === 0) return;
    try {
      const paths = missing.map(([, path]) => path);
      const nodeIds = await this.#files.makeTree(this.#folderId, paths);
      for (const [index, [key]] of missing.entries()) this.#made.set(key, nodeIds[index] as Uint8Array);
    } catch (error) {
      if (missing.length === 1 || !(error instanceof NotAFolderError)) {
        for (const [key] of missing) failures.set(key, error);
        return;
      }
      const middle = Math.ceil(missing.length / 2);
      await this.#makeOrHalve(missing.slice(0, middle), failures);
      await this.#makeOrHalve(missing.slice(middle), failures);
    }
  }

  #namesIn(folderId: Uint8Array): Promise<Map<string, There>> {
    const key = toHex(folderId);
    const known = this.#names.get(key) ?? this.#read(folderId);
    this.#names.set(key, known);
    known.catch(() => this.#names.delete(key));
    return known;
  }

  async #read(folderId: Uint8Array): Promise<Map<string, There>> {
    const { items } = await this.#files.list(folderId);
    return new Map(
      items.map(({ type, modifiedMs, entry }) => [
        entry.name,
        { isFolder: type === "folder", sizeBytes: entry.file?.sizeBytes ?? 0, modifiedMs },
      ]),
    );
  }
}

/** No name holds a slash: they were checked before. */
export function keyOf(path: readonly string[]): string {
  return path.join("/");
}
