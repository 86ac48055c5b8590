import type { DataFolder } from "../config/data-folder.ts";
import type { ReadSettings } from "../config/settings/index.ts";

/** What is examined: a server as it is set up, running or not. */
export interface Patient {
  readonly settings: ReadSettings;
  readonly folder: DataFolder;
  /** What the running server said about itself. */
  readonly running: { readonly origin: string; readonly instance: string } | undefined;
  readonly nowMs: number;
}
