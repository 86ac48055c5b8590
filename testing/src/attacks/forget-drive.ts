import type { Device, World } from "../world/index.ts";

const TABLES = ["volume-heads", "volume-pages", "page-records"];

/** The same device as one that is signed in and remembers nothing of its drive but what the keyring says. */
export async function forgetDrive(world: World, device: Device): Promise<Device> {
  const again = await world.restartDevice(device);
  const { cache } = again.ports;
  for (const table of TABLES) {
    const rows: { table: string; key: string }[] = [];
    for await (const [key] of cache.list(table)) rows.push({ table, key });
    await cache.write({ deletes: rows });
  }
  return again;
}
