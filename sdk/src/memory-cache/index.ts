/** A cache without a place on this device. */

export { MemoryCache } from "./memory-cache.ts";
