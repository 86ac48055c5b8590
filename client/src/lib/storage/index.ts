export { committed, KEYS, localStateError, openLocalDatabase, settled } from "./database.ts";
export { IndexedDbCache } from "./indexed-db-cache.ts";
