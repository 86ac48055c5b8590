import type { LoggerPort } from "../ports/index.ts";
import { sealWhole } from "../sealer/index.ts";
import type { FileContent } from "../volumes/index.ts";
import { THUMBNAIL_KIND } from "./crypto.ts";
import type { UploadRequest } from "./types.ts";

/** A small picture that is larger than that is not small. */
export const MAX_THUMBNAIL_BYTES = 256 * 1024;

/** A small picture, sealed as an object of its own; the entry of its file names it. */
export interface SealedThumbnail {
  readonly pointer: NonNullable<FileContent["thumbnail"]>;
  readonly bytes: Uint8Array;
}

/** Has the small picture of a file made, if there is to be one. Never rejects: a file goes up without it as well. */
export async function sealThumbnail(
  { thumbnail }: UploadRequest,
  logger: LoggerPort,
): Promise<SealedThumbnail | undefined> {
  if (thumbnail === undefined) return undefined;
  try {
    const picture = await thumbnail();
    if (picture === undefined || picture.length === 0 || picture.length > MAX_THUMBNAIL_BYTES) return undefined;
    const { bytes, ...named } = await sealWhole(picture, THUMBNAIL_KIND);
    return { pointer: { ...named, ciphertextLength: bytes.length }, bytes };
  } catch (error) {
    logger.debug("a small picture could not be made", { error: String(error) });
    return undefined;
  }
}
