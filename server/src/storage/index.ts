export type * from "./blob-store.ts";
export { type DiskBlobStoreOptions, openDiskBlobStore } from "./disk/disk-blob-store.ts";
export { type DiskSurvey, surveyObjectsFolder } from "./disk/survey.ts";
export { memoryBlobs, openMemoryBlobStore } from "./memory-blob-store.ts";
