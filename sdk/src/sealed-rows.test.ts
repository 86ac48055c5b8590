import { IntegrityError } from "@excalibur/core/bytes";
import { expect, it } from "vitest";
import { SealedRows } from "./sealed-rows.ts";
import { MemoryCache } from "./testing/index.ts";

/** Seals nothing: what counts here is whose row it is, and whether it opens. */
const session = {
  localRowKey: (name: string) => `key of ${name}`,
  sealLocal: async (_: string, note: Uint8Array) => note,
  openLocal: async (_: string, sealed: Uint8Array) => {
    if (sealed.length === 0) throw new IntegrityError("The row is damaged.");
    return sealed;
  },
};

it("a note that is damaged is none, and does not stand in the way of the next", async () => {
  const rows = new SealedRows(new MemoryCache(), session);
  await rows.put("note", new Uint8Array(0));
  expect(await rows.get("note")).toBeUndefined();
  await rows.put("note", Uint8Array.of(1));
  expect(await rows.get("note")).toEqual(Uint8Array.of(1));
});
