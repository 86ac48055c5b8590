import { toHex } from "@excalibur/core/bytes";
import { type Downloader, type DownloadRequest, ObjectMissingError } from "../download/index.ts";
import { type Item, isDamage, listFolder, trashFolderId, walk } from "../files/index.ts";
import { ApiError } from "../transport/errors.ts";
import { isViolation } from "../violations/index.ts";
import type { FileContent, FileVersion, Volume } from "../volumes/index.ts";
import { RECOVERED, setAside } from "./mend.ts";
import type { Planned } from "./plan.ts";

interface Reading extends DownloadRequest {
  readonly path: string;
  readonly item: Item;
  /** undefined: what the file holds now. */
  readonly version: FileVersion | undefined;
}

export interface ContentsQuestion {
  readonly volume: Volume;
  readonly downloads: Downloader;
  readonly signal?: AbortSignal | undefined;
}

/** Fetches and checks the contents of every file of a volume and of its earlier versions. Throws what is no damage: NetworkError and the like. */
export async function readContents({ volume, downloads, signal }: ContentsQuestion): Promise<Planned[]> {
  const lost = new Map<string, { readonly reading: Reading; readonly cause: unknown }[]>();
  let stopped: { readonly cause: unknown } | undefined;
  await downloads.download(readings(volume, signal), {
    ...(signal && { signal }),
    onResult: ({ request, error }) => {
      if (error === undefined) return;
      if (!isLoss(error)) {
        stopped ??= { cause: error };
        return;
      }
      const key = toHex(request.item.childId);
      lost.set(key, [...(lost.get(key) ?? []), { reading: request, cause: error }]);
    },
  });
  if (stopped !== undefined) throw stopped.cause;
  return [...lost.values()].flatMap((ofOne) => {
    const versions = new Set(ofOne.map(({ reading }) => reading.version));
    return ofOne.map(({ reading, cause }) => plannedFor(reading, cause, versions));
  });
}

function plannedFor(
  { path, item, version }: Reading,
  cause: unknown,
  lostVersions: ReadonlySet<FileVersion | undefined>,
): Planned {
  if (version !== undefined) return { finding: { kind: "version_lost", path, remedy: "none", cause } };
  const kind = "contents_lost";
  if (path.startsWith(`/${RECOVERED}/`)) return { finding: { kind, path, remedy: "none", cause } };
  const earlier = item.entry.file?.versions.find((each) => !lostVersions.has(each));
  const remedy = earlier === undefined ? "recover" : "earlier_version";
  return { finding: { kind, path, remedy, cause }, mend: setAside(item, earlier) };
}

/** Altered, exchanged or no longer there; anything else says nothing about what is stored. */
function isLoss(error: unknown): boolean {
  if (isViolation(error) || error instanceof ObjectMissingError) return true;
  return error instanceof ApiError && error.code === "object_lost";
}

async function* readings(volume: Volume, signal: AbortSignal | undefined): AsyncGenerator<Reading> {
  const options = signal ? { signal } : {};
  yield* below(volume, volume.volumeId, { ...options, prefix: "" });
  const { items } = await listFolder(volume, await trashFolderId(volume, volume.volumeId), options);
  for (const item of items) {
    yield* ofItem(item, `(trash)/${item.name}`);
    if (item.type === "folder") yield* below(volume, item.childId, { ...options, prefix: `(trash)/${item.name}` });
  }
}

async function* below(
  volume: Volume,
  nodeId: Uint8Array,
  { prefix, ...options }: { readonly prefix: string; readonly signal?: AbortSignal },
): AsyncGenerator<Reading> {
  for await (const walked of walk(volume, nodeId, options)) {
    // Damage of listings is found by the survey.
    if (!isDamage(walked)) yield* ofItem(walked.item, `${prefix}/${walked.path}`);
  }
}

function* ofItem(item: Item, path: string): Generator<Reading> {
  const { file } = item.entry;
  if (item.type !== "file" || file === undefined) return;
  yield { file, path, item, version: undefined };
  for (const version of file.versions) {
    const content: FileContent = { ...version, mediaType: file.mediaType, versions: [] };
    yield { file: content, path, item, version };
  }
}
