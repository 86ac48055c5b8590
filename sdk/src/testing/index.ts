/** Ports that live in memory, for tests. */

export { FakeAccountServer } from "./fake-account-server.ts";
export { FakeClock } from "./fake-clock.ts";
export type { FakeAnswer, FakeHandler, SeenRequest } from "./fake-http.ts";
export { bytesAnswer, FakeHttp, jsonAnswer, problemAnswer } from "./fake-http.ts";
export type { FakeConnection } from "./fake-socket.ts";
export { FakeSockets } from "./fake-socket.ts";
export { MemoryCache } from "./memory-cache.ts";
export { MemoryLogger } from "./memory-logger.ts";
export type { MemoryPorts } from "./memory-ports.ts";
export { memoryPorts } from "./memory-ports.ts";
export { MemorySecretStore } from "./memory-secret-store.ts";
export { readZip, type UnzippedEntry, type ZipBytes } from "./read-zip.ts";
export { openThem, SMALL_FORGERIES, sealSmallObjects } from "./small-objects.ts";
