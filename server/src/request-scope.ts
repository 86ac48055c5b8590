import { AsyncLocalStorage } from "node:async_hooks";

const requests = new AsyncLocalStorage<string>();

/** Runs `work` as part of a request, so that what it writes down can name it without being handed the id through every room. */
export function inRequest<T>(requestId: string, work: () => T): T {
  return requests.run(requestId, work);
}

/** The request that this runs for; undefined outside of one. */
export function currentRequestId(): string | undefined {
  return requests.getStore();
}
