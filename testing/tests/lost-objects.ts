import type { Device } from "../src/index.ts";

/** From now on the server answers this device as if it did not have these objects. */
export function loseObjects(device: Device, lost: readonly { readonly objectId: Uint8Array }[]): void {
  const ids = new Set(lost.map(({ objectId }) => Buffer.from(objectId).toString("hex")));
  device.network.alter("fetchObjects", (body, { body: asked }) => {
    const { objectIds } = JSON.parse(Buffer.from(asked).toString()) as { objectIds: string[] };
    return withoutObjects(Buffer.from(body), objectIds.length, ids);
  });
}

/** The answer of fetchObjects as if some of the objects were not there. */
function withoutObjects(body: Buffer, count: number, lost: ReadonlySet<string>): Buffer {
  const rows: Buffer[] = [];
  const contents: Buffer[] = [];
  let at = count * 20;
  for (let index = 0; index < count; index++) {
    const row = Buffer.from(body.subarray(index * 20, index * 20 + 20));
    const length = row.readUInt32BE(16);
    if (lost.has(row.subarray(0, 16).toString("hex"))) row.writeUInt32BE(0, 16);
    else contents.push(body.subarray(at, at + length));
    at += length;
    rows.push(row);
  }
  return Buffer.concat([...rows, ...contents]);
}
