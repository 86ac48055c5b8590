import { toBase64Url } from "@excalibur/core/bytes";
import { type FileContent, NotFoundError } from "@excalibur/sdk";
import { transfer } from "comlink";
import { PortSink } from "../../files/index.ts";
import type { ViewRef } from "../../viewing/address.ts";
import { parseRange } from "../../viewing/byte-range.ts";
import { viewKindOf } from "../../viewing/view-kind.ts";
import { failureOf } from "./failure.ts";
import { findFile } from "./find-file.ts";
import type { Rooms, RoomsHolder } from "./rooms.ts";
import type { OpenedFile, StreamAsk, StreamHead } from "./stream-types.ts";
import type { EngineFailure } from "./types.ts";

const ID_BYTES = 16;

interface Open {
  readonly rooms: Rooms;
  readonly file: FileContent;
  readonly name: string;
  readonly stop: AbortController;
  /** Of the last answer that broke off; the browser only tells its element that it did. */
  failure: EngineFailure | undefined;
}

/**
 * [Note: Streams]
 * A film is asked for piece by piece, by the browser, as if from a server. The service worker takes these questions and hands
 * each to the window it comes from; that window's engine answers it with bytes that were verified and opened. Names of
 * streams are random, and only the engine that gave one knows it: another window, another origin or a later visitor gets
 * nothing by it. The service worker keeps nothing, so it may be stopped at any time.
 */
export class StreamDesk {
  readonly #holder: RoomsHolder;
  readonly #open = new Map<string, Open>();

  constructor(holder: RoomsHolder) {
    this.#holder = holder;
  }

  /** The file as it is now: a version that comes later is another. Throws NotFoundError, NotAFileError, VersionGoneError. */
  async open(ref: ViewRef): Promise<OpenedFile> {
    const rooms = await this.#holder.rooms();
    const { item, file } = await findFile(rooms.files, ref);
    const { name, modifiedMs } = item;
    const streamId = toBase64Url(crypto.getRandomValues(new Uint8Array(ID_BYTES)));
    this.#open.set(streamId, { rooms, file, name, stop: new AbortController(), failure: undefined });
    return { streamId, name, sizeBytes: file.sizeBytes, modifiedMs };
  }

  /** What is still on its way for it ends. */
  close(streamId: string): void {
    this.#open.get(streamId)?.stop.abort();
    this.#open.delete(streamId);
  }

  /** All of it, in memory: for whoever knows that it is small. `onBytes` hears how many have come. */
  async whole(streamId: string, onBytes: (bytes: number) => void): Promise<Uint8Array<ArrayBuffer>> {
    const { rooms, file, stop } = this.#found(streamId);
    const bytes = new Uint8Array(file.sizeBytes);
    let filled = 0;
    for await (const piece of rooms.downloads.read(file, undefined, { signal: stop.signal })) {
      bytes.set(piece, filled);
      filled += piece.length;
      onBytes(filled);
    }
    return transfer(bytes, [bytes.buffer]);
  }

  /** Why the last answer broke off, if it did for more than that nobody wanted it any longer. */
  failureOf(streamId: string): EngineFailure | undefined {
    return this.#open.get(streamId)?.failure;
  }

  /** Answers the browser through the service worker. Never rejects. */
  async serve({ streamId, range, port }: StreamAsk): Promise<void> {
    const open = this.#open.get(streamId);
    const kind = open && viewKindOf(open.name);
    const isFilm = kind?.by === "audio" || kind?.by === "video";
    if (open === undefined || !isFilm || !this.#isOpen(open)) {
      tell(port, { status: 404 });
      return;
    }
    const { sizeBytes } = open.file;
    const asked = parseRange(range, sizeBytes);
    if (asked === "impossible") {
      tell(port, { status: 416, sizeBytes });
      return;
    }
    const { start, end } = asked ?? { start: 0, end: sizeBytes };
    const { mediaType } = kind;
    const sink = new PortSink(port);
    tell(port, { status: asked === undefined ? 200 : 206, mediaType, start, end, sizeBytes });
    await this.#pour(open, { start, end, sink });
  }

  async #pour(
    open: Open,
    { start, end, sink }: { readonly start: number; readonly end: number; readonly sink: PortSink },
  ): Promise<void> {
    const { rooms, file, stop } = open;
    try {
      open.failure = undefined;
      const options = { signal: stop.signal, isWatched: true };
      for await (const piece of rooms.downloads.read(file, { start, end }, options)) await sink.write(piece);
      await sink.finish();
    } catch (error) {
      const failure = failureOf(error);
      if (!["cancelled", "download_cancelled"].includes(failure.code)) open.failure = failure;
      await sink.abort();
    }
  }

  /** Nothing is shown of a drive that was locked meanwhile. */
  #isOpen({ rooms }: Open): boolean {
    return this.#holder.isOpen(rooms.owner);
  }

  #found(streamId: string): Open {
    const open = this.#open.get(streamId);
    if (open === undefined || !this.#isOpen(open)) throw new NotFoundError();
    return open;
  }
}

function tell(port: MessagePort, head: StreamHead): void {
  port.postMessage(head);
}
