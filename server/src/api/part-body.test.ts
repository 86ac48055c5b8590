import { PassThrough } from "node:stream";
import { randomBytes } from "@excalibur/core/primitives";
import { describe, expect, it } from "vitest";
import { PartBodies } from "./part-body.ts";

const PIECE = 256 * 1024;

function bodyOf(...chunks: Uint8Array[]) {
  const stream = new PassThrough({ highWaterMark: 64 * 1024 });
  for (const chunk of chunks) stream.write(chunk);
  return stream;
}

/** As Node hands them over: each alone in its memory. */
function chunk(sizeBytes: number): Buffer {
  return Buffer.from(randomBytes(sizeBytes).buffer as ArrayBuffer);
}

describe("the body of a part", () => {
  it.each([
    { sizes: [] },
    { sizes: [1] },
    { sizes: [PIECE] },
    { sizes: [65_536, 65_536, 65_536, 65_536, 5] },
    { sizes: [PIECE - 1, 2 * PIECE + 3, 100] },
  ])("arrives whole and in order, in chunks of $sizes", async ({ sizes }) => {
    const chunks = sizes.map(chunk);
    const expected = Buffer.concat(chunks);
    const stream = bodyOf(...chunks);
    stream.end();
    const body = new PartBodies().from(stream);
    const pieces: Uint8Array[] = [];
    for await (const piece of body) {
      pieces.push(piece.slice());
      body.release(piece);
    }
    expect(Buffer.compare(Buffer.concat(pieces), expected)).toBe(0);
    expect(pieces.slice(0, -1).every(({ length }) => length === PIECE)).toBe(true);
  });

  it("stays as it is until it is released, then its memory serves again", async () => {
    const bodies = new PartBodies();
    const stream = bodyOf(chunk(PIECE), chunk(PIECE), chunk(PIECE), chunk(PIECE));
    stream.end();
    const body = bodies.from(stream);
    const iterator = body[Symbol.asyncIterator]();
    const first = (await iterator.next()).value as Uint8Array;
    const copy = first.slice();
    const second = (await iterator.next()).value as Uint8Array;
    expect(second.buffer).not.toBe(first.buffer);
    expect(Buffer.compare(first, copy)).toBe(0);
    body.release(first);
    expect(() => body.release(first)).toThrow(TypeError);
    const rest: unknown[] = [];
    for (let next = await iterator.next(); !next.done; next = await iterator.next()) rest.push(next.value.buffer);
    const other = bodyOf(chunk(10));
    const again = (await bodies.from(other.end())[Symbol.asyncIterator]().next()).value as Uint8Array;
    expect([...rest, again.buffer]).toContain(first.buffer);
  });

  it("gives the memory of what was copied back at once, and leaves memory alone that others share", async () => {
    const own = [chunk(65_536), chunk(65_536)];
    const shared = Buffer.from(randomBytes(100).buffer as ArrayBuffer, 10, 50);
    const stream = bodyOf(own[0] as Buffer, shared, own[1] as Buffer);
    stream.end();
    for await (const piece of new PartBodies().from(stream)) void piece;
    expect(own[0]?.length).toBe(0);
    expect(shared.length).toBe(50);
  });

  it("makes the sender wait while nobody reads", async () => {
    const stream = bodyOf();
    const iterator = new PartBodies().from(stream)[Symbol.asyncIterator]();
    const first = iterator.next();
    let written = 0;
    while (written < 100 && stream.write(chunk(PIECE))) written += 1;
    await first;
    for (let n = 0; n < 20; n++) {
      stream.write(chunk(PIECE));
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(stream.isPaused()).toBe(true);
    expect(stream.readableLength + stream.writableLength).toBeGreaterThan(10 * PIECE);
  });

  it("is read and thrown away once it is dropped, also when a piece is still being waited for", async () => {
    const stream = bodyOf(chunk(10));
    const body = new PartBodies().from(stream);
    const pending = body[Symbol.asyncIterator]().next();
    body.drop();
    expect(await pending).toEqual({ done: true, value: undefined });
    const ended = new Promise((resolve) => stream.once("end", resolve));
    for (let n = 0; n < 20; n++) stream.write(chunk(PIECE));
    stream.end();
    await ended;
  });

  it.each([
    { how: "with an error", end: (stream: PassThrough) => stream.destroy(new Error("cut")), message: "cut" },
    { how: "without a word", end: (stream: PassThrough) => stream.destroy(), message: "too early" },
  ])("fails when the connection ends $how", async ({ end, message }) => {
    const stream = bodyOf(chunk(10));
    const iterator = new PartBodies().from(stream)[Symbol.asyncIterator]();
    const pending = expect(iterator.next()).rejects.toThrow(message);
    end(stream);
    await pending;
    await expect(new PartBodies().from(stream)[Symbol.asyncIterator]().next()).rejects.toMatchObject({
      code: "ECONNRESET",
    });
  });
});
