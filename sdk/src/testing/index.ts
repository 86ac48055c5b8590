/** Ports that live in memory, for tests. */

export { FakeClock } from "./fake-clock.ts";
export { MemoryCache } from "./memory-cache.ts";
export { MemoryLogger } from "./memory-logger.ts";
export { MemorySecretStore } from "./memory-secret-store.ts";
