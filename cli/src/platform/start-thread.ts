import { getCompileCacheDir } from "node:module";
import { dirname } from "node:path";
import { Worker } from "node:worker_threads";

/** A small young heap lets go of the buffers that hang on it soon. */
const resourceLimits = { maxYoungGenerationSizeMb: 2 };

/**
 * Starts a thread of the program. A thread knows only from the environment where compiled code is kept; without it,
 * every start would strip the types of everything anew, which takes longer than what many threads are started for.
 */
export function startThread(entry: URL): Worker {
  const cache = getCompileCacheDir();
  // Node answers with the folder of its own version inside the one that was given.
  const env = cache === undefined ? process.env : { ...process.env, NODE_COMPILE_CACHE: dirname(cache) };
  return new Worker(entry, { env, resourceLimits });
}
