import type { LocalFileProblem } from "./local-error.ts";
import type { PlaceJob } from "./place-file.ts";

/** To the thread: files to be named, in this order. Contents travel by transfer. */
export type PlaceTask = readonly PlaceJob[];

/** From the thread, one for each job. Errors lose their type on the way, so they are told in words. */
export type PlaceAnswer =
  | { readonly name: string }
  | { readonly problem: LocalFileProblem; readonly reason: string | undefined }
  | { readonly unexpected: string };
