import { type ServerResponse, STATUS_CODES } from "node:http";
import type { Socket } from "node:net";
import type { FastifyInstance } from "fastify";
import { Refusal } from "../refusal.ts";
import { describeError, PROBLEM_TYPE } from "./problem.ts";
import { createRequestId } from "./request-id.ts";

/**
 * Requests of one connection that may wait for their answers. Clients of today send the next one when they have been
 * answered. Node reads a thousand short requests at once, and all their answers would be kept for a client who does not
 * read them.
 */
const MOST_UNANSWERED = 16;

export interface BrokenHttp {
  /** For what Node hands over instead of a request. */
  answer(error: { readonly code?: string }, socket: Socket): void;
  /** Learns which connections are being answered, and cuts those that ask too much without waiting. */
  watch(app: FastifyInstance): void;
}

/**
 * Bytes that are no HTTP, headers without end, requests that are late: answered like everything else, then the
 * connection is closed. Whoever was only slow is told so, because he may try again.
 */
export function answerBrokenHttp(): BrokenHttp {
  const answering = new WeakMap<Socket, Set<ServerResponse>>();
  return {
    answer(error, socket) {
      // Words in the middle of an answer would be taken for a part of it.
      const isAnswering = [...(answering.get(socket) ?? [])].some(({ headersSent }) => headersSent);
      if (error.code === "ECONNRESET" || !socket.writable || isAnswering) {
        socket.destroy();
        return;
      }
      // Who does not read this answer either is not waited for.
      socket.end(textFor(error.code === "ERR_HTTP_REQUEST_TIMEOUT" ? "too_slow" : "bad_request"), () =>
        socket.destroy(),
      );
    },
    watch(app) {
      app.addHook("onRequest", async ({ raw: { socket } }, reply) => {
        const responses = answering.get(socket) ?? new Set();
        if (responses.size >= MOST_UNANSWERED) socket.destroy();
        if (socket.destroyed) return reply.hijack();
        answering.set(socket, responses.add(reply.raw));
        reply.raw.once("close", () => responses.delete(reply.raw));
      });
    },
  };
}

function textFor(code: "too_slow" | "bad_request"): string {
  const { problem } = describeError(new Refusal(code), createRequestId());
  const body = JSON.stringify(problem);
  return [
    `HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status]}`,
    `Content-Type: ${PROBLEM_TYPE}`,
    `Content-Length: ${Buffer.byteLength(body)}`,
    "Connection: close",
    "",
    body,
  ].join("\r\n");
}
