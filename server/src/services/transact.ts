import type { WriteHandle } from "../db/index.ts";

/**
 * Runs `work` in the one transaction of a request, together with its nonce and idempotency key, and answers its result;
 * a request that was answered before gets that answer and `work` does not run. `work` may run again after a collision.
 */
export type Transact = <T>(work: (tx: WriteHandle) => Promise<T>) => Promise<T>;
