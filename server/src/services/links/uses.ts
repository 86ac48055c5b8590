/**
 * [Note: When a link counts]
 * A visitor's session is one use, however many files it reads. The use is begun when the session first asks for contents
 * (pages and small pictures cost nothing), and completed when 90 % of the ciphertext of one of them has been sent; what is
 * not completed is given back a day after contents were last asked for. How much was sent is known to this process only:
 * after a restart it is counted anew.
 */

import { toBase64Url } from "@excalibur/core/bytes";
import type { LinkVisit } from "../../auth/link-visit.ts";
import type { LiveSession } from "../../auth/session.ts";
import { beginUse, completeUse, renewUse } from "../../db/stores/link-sessions.ts";
import { takeUse } from "../../db/stores/links.ts";
import { Refusal } from "../../refusal.ts";
import { Coverage } from "./coverage.ts";
import { announceUse, type Happening, type LinksRoom, noteInLog, settleUses, writeFor } from "./links-room.ts";

const SPENT_SHARE = 0.9;
const RENEW_EVERY_MS = 5 * 60_000;
/** Visitors whose reading is followed at once; beyond them whoever read longest ago begins anew. */
const VISITORS = 5_000;

/** A piece of content in an answer. */
export interface SentContent {
  readonly objectId: Uint8Array;
  readonly totalBytes: number;
  /** Where in the answer its bytes begin, and where in the object. */
  readonly answerOffset: number;
  readonly offset: number;
  readonly length: number;
}

/** What is about to be sent. */
export interface Answer {
  readonly chunks: AsyncIterable<Uint8Array>;
  /** Nothing more of it leaves from then on. */
  readonly cut?: AbortSignal;
  readonly contents: readonly SentContent[];
}

function linkRowOf(visit: LinkVisit): Happening["link"] {
  return { link_id: visit.linkId, volume_id: visit.volumeId, created_by: visit.createdBy };
}

export class LinkUses {
  readonly #room: LinksRoom;
  /** By session, then by object. */
  readonly #sent = new Map<string, Map<string, Coverage>>();
  readonly #streams = new Map<string, Set<AbortController>>();
  readonly #unsubscribe: () => void;

  constructor(room: LinksRoom) {
    this.#room = room;
    this.#unsubscribe = room.announcer.subscribe((announcement) => {
      if (announcement.type === "link-shut") this.#shut(announcement.linkId);
      // Whoever was taken off the list of a volume: links among them.
      if (announcement.type === "members") for (const linkId of announcement.gone) this.#shut(linkId);
    });
  }

  close(): void {
    this.#unsubscribe();
  }

  /** Before contents are sent: begins a visitor's use of their link, if they have begun none. @throws Refusal `link_used_up` */
  async begin(session: LiveSession): Promise<void> {
    const { link: visit } = session;
    if (visit === undefined) return;
    const nowMs = this.#room.clock();
    const { reservedMs, hasSpent, linkId, client } = visit;
    if (hasSpent || (reservedMs !== null && nowMs - reservedMs < RENEW_EVERY_MS)) return;
    const isGiven = await this.#give(session, { linkId, nowMs });
    if (isGiven) return;
    const happening = { link: linkRowOf(visit), outcome: "used-up", client, atMs: nowMs } as const;
    await writeFor(this.#room, linkId, (tx) => noteInLog(tx, happening));
    throw new Refusal("link_used_up");
  }

  /** False, and nothing has changed, when the session has no use yet and the link none to give. */
  async #give(
    { sessionId }: LiveSession,
    { linkId, nowMs }: { readonly linkId: Uint8Array; readonly nowMs: number },
  ): Promise<boolean> {
    try {
      await writeFor(this.#room, linkId, async (tx) => {
        await settleUses(tx, linkId, nowMs);
        if (!(await beginUse(tx, sessionId, nowMs))) await renewUse(tx, sessionId, nowMs);
        else if (!(await takeUse(tx, linkId))) throw new NoUseLeft();
      });
      return true;
    } catch (error) {
      if (error instanceof NoUseLeft) return false;
      throw error;
    }
  }

  /** The answer as it is for everybody; to a link's visitor counted while it goes out, and cut off when the link is shut. */
  through(session: LiveSession, answer: Answer): Pick<Answer, "chunks" | "cut"> {
    const { link } = session;
    if (link === undefined) return answer;
    const { signal, leave } = this.#enter(toBase64Url(link.linkId));
    const cut = answer.cut === undefined ? signal : AbortSignal.any([answer.cut, signal]);
    return { chunks: this.#follow(session, link, { ...answer, cut, leave }), cut };
  }

  async *#follow(
    session: LiveSession,
    visit: LinkVisit,
    { chunks, contents, cut, leave }: Answer & { readonly cut: AbortSignal; readonly leave: () => void },
  ): AsyncGenerator<Uint8Array> {
    const { clock } = this.#room;
    let at = 0;
    try {
      for await (const chunk of chunks) {
        const isOver = visit.expiresMs !== null && clock() >= visit.expiresMs;
        if (cut.aborted || isOver) throw new Refusal("session_ended");
        // Before it leaves: whoever hangs up with the last byte has had it. Trying again in the session costs nothing more.
        await this.#count(session, visit, { contents, from: at, to: at + chunk.length });
        yield chunk;
        at += chunk.length;
      }
    } finally {
      leave();
    }
  }

  async #count(
    session: LiveSession,
    visit: LinkVisit,
    { contents, from, to }: { readonly contents: readonly SentContent[]; readonly from: number; readonly to: number },
  ): Promise<void> {
    if (visit.hasSpent) return;
    for (const { objectId, totalBytes, answerOffset, offset, length } of contents) {
      const start = Math.max(from, answerOffset);
      const end = Math.min(to, answerOffset + length);
      if (start >= end) continue;
      const coverage = this.#coverageOf(session.sessionIdText, toBase64Url(objectId));
      coverage.add(offset + start - answerOffset, offset + end - answerOffset);
      if (coverage.bytes < totalBytes * SPENT_SHARE) continue;
      await this.#complete(session, visit);
      return;
    }
  }

  async #complete({ sessionId, sessionIdText }: LiveSession, visit: LinkVisit): Promise<void> {
    const nowMs = this.#room.clock();
    const link = linkRowOf(visit);
    const isNew = await writeFor(this.#room, visit.linkId, async (tx) => {
      if (!(await completeUse(tx, sessionId, nowMs))) return false;
      await noteInLog(tx, { link, outcome: "downloaded", client: visit.client, atMs: nowMs });
      return true;
    });
    this.#sent.delete(sessionIdText);
    if (isNew) announceUse(this.#room, link);
  }

  #coverageOf(sessionId: string, objectId: string): Coverage {
    const objects = this.#sent.get(sessionId) ?? new Map<string, Coverage>();
    this.#sent.delete(sessionId);
    this.#sent.set(sessionId, objects);
    for (const oldest of this.#sent.keys()) {
      if (this.#sent.size <= VISITORS) break;
      this.#sent.delete(oldest);
    }
    const coverage = objects.get(objectId) ?? new Coverage();
    objects.set(objectId, coverage);
    return coverage;
  }

  #enter(linkId: string): { readonly signal: AbortSignal; readonly leave: () => void } {
    const controller = new AbortController();
    const open = this.#streams.get(linkId) ?? new Set();
    this.#streams.set(linkId, open.add(controller));
    return {
      signal: controller.signal,
      leave: () => {
        open.delete(controller);
        if (open.size === 0 && this.#streams.get(linkId) === open) this.#streams.delete(linkId);
      },
    };
  }

  #shut(linkId: string): void {
    for (const controller of this.#streams.get(linkId) ?? []) controller.abort();
  }
}

/** Ends the transaction in which a use was begun that the link does not have. */
class NoUseLeft extends Error {}
