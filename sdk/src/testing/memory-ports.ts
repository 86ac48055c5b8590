import type { HttpPort, Ports } from "../ports/index.ts";
import { InProcessSealer } from "../sealer/index.ts";
import { FakeClock } from "./fake-clock.ts";
import { FakeSockets } from "./fake-socket.ts";
import { MemoryCache } from "./memory-cache.ts";
import { MemoryLogger } from "./memory-logger.ts";
import { MemorySecretStore } from "./memory-secret-store.ts";

export interface MemoryPorts extends Ports {
  readonly cache: MemoryCache;
  readonly secrets: MemorySecretStore;
  readonly clock: FakeClock;
  readonly logger: MemoryLogger;
  readonly socket: FakeSockets;
}

/** A device that lives in memory, in front of any network. */
export function memoryPorts(http: HttpPort, given: Partial<MemoryPorts> = {}): MemoryPorts {
  return {
    http,
    socket: new FakeSockets(),
    cache: new MemoryCache(),
    secrets: new MemorySecretStore(),
    sealer: new InProcessSealer(),
    clock: new FakeClock(),
    logger: new MemoryLogger(),
    ...given,
  };
}
