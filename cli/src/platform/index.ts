/** What Node provides to the sdk. */

export { FileSecretStore } from "./file-secret-store.ts";
export { excaliburHome } from "./home.ts";
export { NodeHttp } from "./node-http.ts";
export { nodeSocket } from "./node-socket.ts";
export { SqliteCache } from "./sqlite-cache.ts";
export { systemClock } from "./system-clock.ts";
export { ThreadSealer } from "./thread-sealer.ts";
export { ServerTrust } from "./trust/index.ts";
