import { beforeEach, describe, expect, it, vi } from "vitest";
import { DownloadGoneError, PortSink } from "../../lib/files/port-sink.ts";
import type { SavedFile } from "../types.ts";
import { onSavedFile, saveFile, saveTextFile } from "./saving.ts";

/** The phone: its documents, and what it was asked to do with them. */
const phone = vi.hoisted(() => ({
  files: new Map<string, Buffer>(),
  isFull: false,
  opened: [] as string[],
  shared: [] as string[],
  shareFails: undefined as string | undefined,
}));

vi.mock("@capacitor/filesystem", () => ({
  Directory: { Documents: "DOCUMENTS" },
  Filesystem: {
    writeFile: async ({ path, data }: { path: string; data: string }) => {
      phone.files.set(path, Buffer.from(data, "base64"));
    },
    appendFile: async ({ path, data }: { path: string; data: string }) => {
      if (phone.isFull) throw new Error("ENOSPC");
      phone.files.set(path, Buffer.concat([phone.files.get(path) as Buffer, Buffer.from(data, "base64")]));
    },
    rename: async ({ from, to }: { from: string; to: string }) => {
      phone.files.set(to, phone.files.get(from) as Buffer);
      phone.files.delete(from);
    },
    stat: async ({ path }: { path: string }) => {
      if (!phone.files.has(path)) throw new Error("does not exist");
    },
    deleteFile: async ({ path }: { path: string }) => {
      phone.files.delete(path);
    },
    getUri: async ({ directory, path }: { directory: string; path: string }) => ({
      uri: `file:///${directory}/${path}`,
    }),
  },
}));
vi.mock("@capacitor/file-viewer", () => ({
  FileViewer: { openDocumentFromLocalPath: async ({ path }: { path: string }) => void phone.opened.push(path) },
}));
vi.mock("@capacitor/share", () => ({
  Share: {
    share: async ({ files }: { files: string[] }) => {
      if (phone.shareFails !== undefined) throw new Error(phone.shareFails);
      phone.shared.push(...files);
    },
  },
}));

const saved: SavedFile[] = [];
onSavedFile((file) => saved.push(file));

beforeEach(() => {
  phone.files.clear();
  phone.isFull = false;
  phone.shareFails = undefined;
  for (const list of [phone.opened, phone.shared, saved]) list.length = 0;
});

/** As the engine does it, in the worker at the other end of the port. */
async function send(
  fileName: string,
  pieces: readonly Uint8Array[],
  last: "finish" | "abort" = "finish",
): Promise<void> {
  const { port, done } = await saveFile(fileName);
  const sink = new PortSink(port);
  try {
    for (const piece of pieces) await sink.write(piece);
    await sink[last]();
  } finally {
    await done();
  }
}

const PIECES = [new Uint8Array(100_001).fill(7), new Uint8Array(3).fill(255), new Uint8Array(65_536).fill(9)];

describe("saving on a phone", () => {
  it("writes a file piece by piece among the documents, and says so when it has its name", async () => {
    await send("Glacier.jpg", PIECES);
    expect([...phone.files.keys()]).toEqual(["Excalibur/Glacier.jpg"]);
    expect(phone.files.get("Excalibur/Glacier.jpg")).toEqual(Buffer.concat(PIECES));
    expect(saved.map(({ name }) => name)).toEqual(["Glacier.jpg"]);
  });

  it("keeps what is there, and names no file as a phone cannot", async () => {
    await send("a.txt", []);
    await send("a.txt", PIECES);
    await send("what: a/b?.txt", []);
    expect([...phone.files.keys()]).toEqual(["Excalibur/a.txt", "Excalibur/a (2).txt", "Excalibur/what_ a_b_.txt"]);
    expect(phone.files.get("Excalibur/a.txt")).toHaveLength(0);
  });

  it("leaves nothing of a file that broke off, and is silent about it", async () => {
    await send("a.txt", PIECES, "abort");
    expect(phone.files.size).toBe(0);
    expect(saved).toEqual([]);
  });

  it("saves a text as a file", async () => {
    await saveTextFile("words.txt", "añil bruma\n");
    expect(phone.files.get("Excalibur/words.txt")?.toString()).toBe("añil bruma\n");
    expect(saved.map(({ name }) => name)).toEqual(["words.txt"]);
  });

  it("waits for nobody who never began to send", async () => {
    const { done } = await saveFile("a.txt");
    await done({ hasFailed: true });
    expect([phone.files.size, saved.length]).toEqual([0, 0]);
  });

  it("tells whoever sends, and whoever waits, that the phone has no room, and leaves nothing", async () => {
    phone.isFull = true;
    const { port, done } = await saveFile("a.txt");
    const sink = new PortSink(port);
    await sink.write(PIECES[0] as Uint8Array);
    await expect(sink.write(PIECES[1] as Uint8Array)).rejects.toThrow(DownloadGoneError);
    await expect(done()).rejects.toMatchObject({ code: "saving_failed" });
    expect(phone.files.size).toBe(0);
  });

  it("opens and shares the file itself; whoever shares it with nobody has done nothing wrong", async () => {
    await send("a.txt", PIECES);
    const [file] = saved;
    await file?.open();
    await file?.share();
    expect(phone.opened).toEqual(["file:///DOCUMENTS/Excalibur/a.txt"]);
    expect(phone.shared).toEqual(["file:///DOCUMENTS/Excalibur/a.txt"]);
    phone.shareFails = "Share canceled";
    await file?.share();
    phone.shareFails = "no such file";
    await expect(file?.share()).rejects.toThrow("no such file");
  });
});
