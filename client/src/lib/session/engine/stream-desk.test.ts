import { beforeEach, describe, expect, it } from "vitest";
import type { Rooms } from "./rooms.ts";
import { StreamDesk } from "./stream-desk.ts";

const ID = "AAAAAAAAAAAAAAAAAAAAAA";
const REF = { parentId: ID, id: ID };
const BYTES = Uint8Array.of(1, 2, 3);

let open: Rooms | undefined;
let name: string;
let desk: StreamDesk;

/** What somebody opened, with one file in it, and whether it is still open. */
function rooms(): Rooms {
  const file = { sizeBytes: BYTES.length };
  const item = { childId: new Uint8Array(16), entry: { file, name }, name, modifiedMs: 1 };
  const opened = {
    owner: {},
    files: { list: async () => ({ items: [item], damage: [] }) },
    downloads: {
      async *read() {
        yield BYTES;
      },
    },
  };
  return opened as unknown as Rooms;
}

beforeEach(() => {
  name = "song.mp3";
  open = rooms();
  const isOpen = (owner: object) => owner === open?.owner;
  desk = new StreamDesk({ rooms: async () => open as Rooms, isOpen, tell: () => undefined });
});

async function serve(streamId: string, range: string | null = null): Promise<unknown[]> {
  const { port1, port2 } = new MessageChannel();
  const heard: unknown[] = [];
  const over = new Promise<void>((resolve) => {
    port2.onmessage = ({ data }) => {
      heard.push(data);
      if (data === "end" || data?.status === 404 || data?.status === 416) resolve();
    };
  });
  port2.postMessage("more");
  port2.postMessage("more");
  await desk.serve({ streamId, range, port: port1 });
  await over;
  port2.close();
  return heard;
}

describe("what is looked at", () => {
  it("is given in the kind that its name says, whole or by ranges", async () => {
    const { streamId } = await desk.open(REF);
    expect(await serve(streamId)).toEqual([
      { status: 200, mediaType: "audio/mpeg", start: 0, end: 3, sizeBytes: 3 },
      BYTES,
      "end",
    ]);
    expect(await serve(streamId, "bytes=7-")).toEqual([{ status: 416, sizeBytes: 3 }]);
  });

  it("H4 is nothing for a player when it is neither sound nor film, nor under a name that this window never gave", async () => {
    for (const other of ["page.html", "drawing.svg", "program.js", "picture.png", "notes.pdf"]) {
      name = other;
      open = rooms();
      const { streamId } = await desk.open(REF);
      expect(await serve(streamId), other).toEqual([{ status: 404 }]);
    }
    expect(await serve("BBBBBBBBBBBBBBBBBBBBBB")).toEqual([{ status: 404 }]);
  });

  it("is nothing any more when it was closed, or the drive was locked or is another's", async () => {
    const { streamId: closed } = await desk.open(REF);
    desk.close(closed);
    expect(await serve(closed)).toEqual([{ status: 404 }]);
    const { streamId } = await desk.open(REF);
    open = rooms();
    expect(await serve(streamId)).toEqual([{ status: 404 }]);
    open = undefined;
    expect(await serve(streamId)).toEqual([{ status: 404 }]);
    await expect(desk.whole(streamId, () => undefined)).rejects.toMatchObject({ code: "not_found" });
  });
});
