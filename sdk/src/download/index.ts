/** Files on their way from the drive. */

export type { DownloaderOptions } from "./downloader.ts";
export { Downloader } from "./downloader.ts";
export { ObjectMissingError } from "./errors.ts";
export type { OpenedThumbnail, Thumbnail } from "./thumbnails.ts";
export type * from "./types.ts";
