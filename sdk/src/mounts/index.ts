/** Volumes within volumes: which folder lies in which of them. */

export * from "./errors.ts";
export type { MountedVolumesOptions } from "./mounted-volumes.ts";
export { MountedVolumes } from "./mounted-volumes.ts";
export { type MountsIn, mountsIn } from "./mounts-in.ts";
export type * from "./types.ts";
