import { LocalStateError } from "@excalibur/sdk/ports";

const NAME = "excalibur";
const VERSION = 1;
/** Rows of the sdk: ciphertext, or public. */
export const ROWS = "rows";
/** Keys that the browser keeps and never shows. */
export const KEYS = "keys";

/** Opens, or makes, this origin's database. Throws LocalStateError. */
export async function openLocalDatabase(): Promise<IDBDatabase> {
  try {
    const request = indexedDB.open(NAME, VERSION);
    request.addEventListener("upgradeneeded", () => {
      request.result.createObjectStore(ROWS);
      request.result.createObjectStore(KEYS);
    });
    const database = await settled(request);
    // A newer build in another window wants to change it: step aside, so that it need not wait for this one to close.
    database.addEventListener("versionchange", () => database.close());
    return database;
  } catch (cause) {
    throw localStateError("opened", cause);
  }
}

export function settled<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.addEventListener("success", () => resolve(request.result));
    request.addEventListener("error", () => reject(request.error));
  });
}

/** Resolves when it is written, rejects when nothing of it is. */
export function committed(transaction: IDBTransaction): Promise<void> {
  return new Promise((resolve, reject) => {
    transaction.addEventListener("complete", () => resolve());
    transaction.addEventListener("abort", () => reject(transaction.error ?? new Error("The transaction was aborted.")));
  });
}

export function localStateError(what: string, cause: unknown): LocalStateError {
  const isFull = (cause as { name?: unknown }).name === "QuotaExceededError";
  const advice = isFull ? "Free some space on this device and try again." : "Close other windows of it and try again.";
  return new LocalStateError(`What this browser keeps could not be ${what}. What is on the server is safe. ${advice}`, {
    cause,
  });
}
