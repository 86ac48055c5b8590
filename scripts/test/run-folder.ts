import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

/** What all the stages of one run share, so that people sign up once in a run and not once in a stage. */
export interface RunFolder {
  /** Tells the stages where it is: accounts of tests of the server, and the people of stories. */
  readonly env: NodeJS.ProcessEnv;
  remove(): Promise<void>;
}

/** A new folder, to be removed at the end of the run. */
export async function makeRunFolder(): Promise<RunFolder> {
  const folder = await mkdtemp(path.join(tmpdir(), "excalibur-run-"));
  const worlds = path.join(folder, "worlds");
  return {
    env: { EXCALIBUR_TEST_ACCOUNTS: path.join(folder, "accounts"), EXCALIBUR_WORLD_SNAPSHOTS: worlds },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}
