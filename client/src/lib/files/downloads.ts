import { startSaving } from "../../native/index.ts";
import {
  type Archived,
  callback,
  type FileItem,
  handOver,
  type ItemRef,
  type Session,
  type TransferNews,
} from "../session/index.ts";

/** What the browser is to write to disk, and what it calls it. */
export type Wanted =
  | {
      readonly name: string;
      readonly item: ItemRef;
      readonly versionId?: string | undefined;
      readonly sizeBytes: number;
    }
  | { readonly name: string; readonly archived: Archived; readonly sizeBytes?: undefined };

/** One file is itself; a folder, or more than one item, becomes a ZIP file, called as the folder or as where they are. */
export function wantedFrom(items: readonly FileItem[], placeName: string): Wanted | undefined {
  const [first] = items;
  if (first === undefined) return undefined;
  const { sizeBytes, ...item } = first;
  if (items.length === 1 && sizeBytes !== undefined) return { name: first.name, item: refOf(item), sizeBytes };
  const name = items.length === 1 ? first.name : placeName;
  return { name: `${name}.zip`, archived: { items: items.map(refOf) } };
}

/** Folders and files; what a newer version made cannot be had here. */
export function canDownload(items: readonly FileItem[]): boolean {
  return items.length > 0 && items.every(({ type }) => type === "file" || type === "folder");
}

export interface Fetching {
  readonly id: string;
  readonly key: number;
  readonly hear: (news: readonly TransferNews[]) => void;
}

/** Resolves when all of it is written, or the news said why not. Throws DownloadUnavailableError. */
export async function fetchWanted(session: Session, wanted: Wanted, { id, key, hear }: Fetching): Promise<void> {
  const { transfers } = session.engine;
  const { port, done } = await startSaving(wanted.name, wanted.sizeBytes);
  try {
    if ("item" in wanted) {
      const { versionId } = wanted;
      const item = refOf(wanted.item);
      const version = versionId === undefined ? {} : { versionId };
      await transfers.download(handOver({ id, key, item, ...version, port }, [port]), callback(hear));
    } else {
      await transfers.archive(handOver({ id, key, contents: wanted.archived, port }, [port]), callback(hear));
    }
  } catch (error) {
    await done({ hasFailed: true });
    throw error;
  }
  await done();
}

function refOf({ parentId, id, name }: ItemRef): ItemRef {
  return { parentId, id, name };
}
