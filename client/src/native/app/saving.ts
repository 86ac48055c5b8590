import { FileViewer } from "@capacitor/file-viewer";
import { Directory, Filesystem } from "@capacitor/filesystem";
import { Share } from "@capacitor/share";
import { ExcaliburError, utf8Encode } from "@excalibur/core/bytes";
import { EVERYWHERE, numbered, possibleName } from "@excalibur/sdk/local-names";
import type { StartedDownload } from "../../lib/files/start-download.ts";
import type { SavedFile } from "../types.ts";

const directory = Directory.Documents;
/** Among everybody's documents, so that whoever looks finds what came from here. */
const FOLDER = "Excalibur";
const UNFINISHED = ".part";
/** Bytes that become text at once: more than some tens of thousands are too many arguments. */
const SLICE_BYTES = 0x80_00;

/** This device would not take the file. */
export class SavingFailedError extends ExcaliburError {
  constructor(cause: unknown) {
    super(
      "saving_failed",
      "This device would not save the file, perhaps for want of space. On the drive nothing changed; free some space and try again.",
      { cause },
    );
  }
}

type Said = Uint8Array | "end" | "abort";

const listeners = new Set<(file: SavedFile) => void>();

export function onSavedFile(listener: (file: SavedFile) => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/**
 * Begins a file among the device's documents; what comes through the port (PortSink) is written piece by piece under another
 * name, and gets its own when it is whole. `done` rejects with SavingFailedError when the device would not have all of it.
 */
export async function saveFile(fileName: string): Promise<StartedDownload> {
  const { port1, port2 } = new MessageChannel();
  const name = await freeName(possibleName(fileName, EVERYWHERE));
  const unfinished = `${FOLDER}/${name}${UNFINISHED}`;
  await write(() => Filesystem.writeFile({ directory, path: unfinished, data: "", recursive: true }));
  const heard = listenTo(port1);
  // Whoever waits for it is told by `done`, however early it failed.
  const ended = receive(port1, { path: unfinished, next: heard.next }).then(
    (how) => ({ how }),
    (error: unknown) => ({ how: "failed" as const, error }),
  );
  return {
    port: port2,
    done: async ({ hasFailed = false } = {}) => {
      if (hasFailed) heard.say("abort");
      const outcome = await ended;
      if (outcome.how === "failed") throw outcome.error;
      if (outcome.how === "abort") return;
      const path = `${FOLDER}/${name}`;
      await write(() => Filesystem.rename({ directory, from: unfinished, to: path }));
      const { uri } = await write(() => Filesystem.getUri({ directory, path }));
      for (const listener of listeners) listener(savedFile(name, uri));
    },
  };
}

/** As `saveFile`, all of it at once. Throws SavingFailedError. */
export async function saveTextFile(fileName: string, content: string): Promise<void> {
  const { port, done } = await saveFile(fileName);
  port.postMessage(utf8Encode(content));
  port.postMessage("end");
  await done();
}

/** Resolves with how it ended; what is not whole is gone by then. One piece is asked for when the one before it is written. */
async function receive(
  port: MessagePort,
  { path, next }: { readonly path: string; readonly next: () => Promise<Said> },
): Promise<"end" | "abort"> {
  try {
    for (;;) {
      port.postMessage("more");
      const said = await next();
      if (said === "end") return said;
      if (typeof said === "string") {
        await Filesystem.deleteFile({ directory, path });
        return "abort";
      }
      await write(() => Filesystem.appendFile({ directory, path, data: base64Of(said) }));
    }
  } catch (error) {
    port.postMessage("gone");
    // Why it failed matters more than that its beginning could not be removed either.
    await Promise.allSettled([Filesystem.deleteFile({ directory, path })]);
    throw error;
  } finally {
    port.close();
  }
}

/** What is said while nobody listens yet waits: the end does not ask whether it may come. */
function listenTo(port: MessagePort): { readonly next: () => Promise<Said>; readonly say: (word: Said) => void } {
  const said: Said[] = [];
  let wake: (() => void) | undefined;
  const say = (word: Said): void => {
    said.push(word);
    wake?.();
  };
  port.onmessage = ({ data: word }: MessageEvent<Said>) => say(word);
  const next = async (): Promise<Said> => {
    while (said.length === 0) {
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
    return said.shift() as Said;
  };
  return { next, say };
}

async function write<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    throw new SavingFailedError(cause);
  }
}

/** Never over what is there already. */
async function freeName(wanted: string): Promise<string> {
  for (let number = 1; ; number++) {
    const name = numbered(wanted, number, EVERYWHERE);
    const isTaken = await Filesystem.stat({ directory, path: `${FOLDER}/${name}` }).then(
      () => true,
      () => false,
    );
    if (!isTaken) return name;
  }
}

function base64Of(bytes: Uint8Array): string {
  let text = "";
  for (let at = 0; at < bytes.length; at += SLICE_BYTES) {
    text += String.fromCharCode(...bytes.subarray(at, at + SLICE_BYTES));
  }
  return btoa(text);
}

function savedFile(name: string, uri: string): SavedFile {
  return {
    name,
    open: () => FileViewer.openDocumentFromLocalPath({ path: uri }),
    share: async () => {
      try {
        await Share.share({ files: [uri] });
      } catch (error) {
        // Nobody was chosen: not a failure, though the plugin calls it one.
        if (!/cancell?ed/i.test(String((error as Error).message))) throw error;
      }
    },
  };
}
