import { toBase64Url } from "@excalibur/core/bytes";
import { describe, expect, it } from "vitest";
import type { LiveSession } from "../../auth/session.ts";
import type { LinksRoom } from "./links-room.ts";
import { LinkUses } from "./uses.ts";

const linkId = new Uint8Array(16).fill(7);
const other = new Uint8Array(16).fill(8);

/** What is being sent to a visitor of a link that expires at 1000; one of three pieces has left. */
async function sending() {
  let nowMs = 0;
  let announce: (announcement: object) => void = () => undefined;
  const subscribe = (handler: typeof announce) => {
    announce = handler;
    return () => undefined;
  };
  const uses = new LinkUses({ announcer: { subscribe }, clock: () => nowMs } as unknown as LinksRoom);
  const session = { sessionIdText: "one", link: { linkId, hasSpent: true, expiresMs: 1000 } } as unknown as LiveSession;
  async function* pieces() {
    for (const byte of [1, 2, 3]) yield Uint8Array.of(byte);
  }
  const { chunks, cut } = uses.through(session, { chunks: pieces(), contents: [] });
  const iterator = chunks[Symbol.asyncIterator]();
  expect((await iterator.next()).value).toEqual(Uint8Array.of(1));
  const at = (ms: number) => {
    nowMs = ms;
  };
  return { next: () => iterator.next(), cut, at, announce: (announcement: object) => announce(announcement) };
}

describe("what is being sent to a visitor", () => {
  it.each([
    ["is shut", { type: "link-shut", linkId: toBase64Url(linkId) }],
    ["was taken off the list", { type: "members", gone: [toBase64Url(linkId)] }],
  ])("ends when their link %s", async (_, announcement) => {
    const { next, cut, announce } = await sending();
    announce(announcement);
    expect(cut?.aborted).toBe(true);
    await expect(next()).rejects.toMatchObject({ code: "session_ended" });
  });

  it("ends when their link expires meanwhile", async () => {
    const { next, at } = await sending();
    at(999);
    expect((await next()).value).toEqual(Uint8Array.of(2));
    at(1000);
    await expect(next()).rejects.toMatchObject({ code: "session_ended" });
  });

  it("goes on when another link is shut", async () => {
    const { next, cut, announce } = await sending();
    announce({ type: "link-shut", linkId: toBase64Url(other) });
    expect(cut?.aborted).toBe(false);
    expect((await next()).value).toEqual(Uint8Array.of(2));
  });
});
