import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { blobStoreSuite } from "./blob-store.suite.ts";
import { openDiskBlobStore } from "./disk/disk-blob-store.ts";
import { memoryBlobs, openMemoryBlobStore } from "./memory-blob-store.ts";

blobStoreSuite("memory", async () => {
  const blobs = memoryBlobs();
  let store = openMemoryBlobStore(blobs);
  return {
    store,
    reopen: async () => {
      await store.close();
      store = openMemoryBlobStore(blobs);
      return store;
    },
    [Symbol.asyncDispose]: () => store.close(),
  };
});

// Few descriptors and little memory, so that eviction and small buffers are at work as well.
for (const options of [{}, { openFileLimit: 2, readBufferBytes: 2 * 1024 * 1024 }]) {
  blobStoreSuite(`disk ${JSON.stringify(options)}`, async () => {
    const folder = await mkdtemp(join(tmpdir(), "excalibur-storage-"));
    const open = () => openDiskBlobStore({ directory: join(folder, "objects"), ...options });
    let store = await open();
    return {
      store,
      reopen: async () => {
        await store.close();
        store = await open();
        return store;
      },
      [Symbol.asyncDispose]: async () => {
        await store.close();
        await rm(folder, { recursive: true });
      },
    };
  });
}
