/** Files on their way to the drive. */

export { FileChangedError, ObjectRefusedError, ReadBackError, UploadMismatchError } from "./errors.ts";
export { mediaTypeOf } from "./media-type.ts";
export type * from "./types.ts";
export type { UploaderOptions } from "./uploader.ts";
export { Uploader } from "./uploader.ts";
