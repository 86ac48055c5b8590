import type { SealedSource } from "@excalibur/sdk/ports";

/** To the thread: paths of files that may be small. */
export type SourceTask = readonly string[];

/** From the thread, one for each path. undefined: read it yourself, and find out what is the matter with it. */
export type SourceAnswer = Omit<SealedSource, "name" | "mediaType"> | undefined;
