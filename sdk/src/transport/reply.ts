import type { Bytes } from "@excalibur/core/bytes";
import { isErrorCode, matches, Problem, RAW, type Route } from "@excalibur/core/protocol";
import type { HttpReply } from "../ports/index.ts";
import {
  ApiError,
  GatewayError,
  MalformedReplyError,
  MissingError,
  type ProblemFacts,
  SessionEndedError,
  TruncatedReplyError,
} from "./errors.ts";
import type { RawReply } from "./types.ts";

/** The largest JSON reply: a head whose newest and first commit are as large as commits may be. */
const JSON_LIMIT_BYTES = 96 * 1024 * 1024;
const PROBLEM_LIMIT_BYTES = 256 * 1024;
const SAFE_WORD = /^[A-Za-z0-9_-]{1,128}$/;

/** What a call expects of the reply. */
export interface Expectation {
  readonly route: Route;
  readonly range?: { readonly first: number; readonly last: number } | undefined;
  readonly expectedLengthBytes?: number | undefined;
}

/** Turns a reply into the route's value, or throws what it means instead. Unknown fields of JSON are left alone. */
export async function decodeReply(reply: HttpReply, expectation: Expectation): Promise<unknown> {
  const { route } = expectation;
  if (reply.status >= 300 || reply.status < 200) throw await refusal(reply);
  if (route.reply === undefined) {
    // A portal's page for everything would otherwise look like success.
    if (reply.status !== 204) throw await notOurs(reply);
    await discard(reply);
    return undefined;
  }
  if (route.reply === RAW) return rawReply(reply, expectation);
  if (reply.status !== 200 || mediaType(reply) !== "application/json") throw await notOurs(reply);
  const value = parseJson(await readAll(reply, JSON_LIMIT_BYTES));
  if (!matches(route.reply, value)) throw new MalformedReplyError(route.id, "a field is missing or has another form");
  return value;
}

/** Reads the rest and throws it away, so that the connection can be used again; a long body closes it instead. */
export async function discard(reply: HttpReply): Promise<void> {
  for await (const _ of reply.body) break;
}

async function refusal(reply: HttpReply): Promise<Error> {
  if (mediaType(reply) !== "application/problem+json") return notOurs(reply);
  const problem = parseJson(await readAll(reply, PROBLEM_LIMIT_BYTES));
  // Only known codes are acted on (cryptography.md §8).
  if (!matches(Problem, problem) || !isErrorCode(problem.code)) {
    return new GatewayError(reply.status, `an error of an unknown kind (status ${reply.status})`);
  }
  const facts = problemFacts(reply.status, problem);
  if (problem.code === "session_ended") return new SessionEndedError(problem.code, facts);
  if (reply.status === 404 || reply.status === 410) return new MissingError(problem.code, facts);
  return new ApiError(problem.code, facts);
}

function problemFacts(status: number, problem: Problem): ProblemFacts {
  const { requestId, retryAfterMs, reason, version, ids } = problem;
  return {
    status,
    ...(requestId !== undefined && SAFE_WORD.test(requestId) ? { requestId } : {}),
    ...(retryAfterMs !== undefined && retryAfterMs >= 0 ? { retryAfterMs } : {}),
    ...(reason !== undefined && SAFE_WORD.test(reason) ? { reason } : {}),
    ...(version !== undefined ? { version } : {}),
    ...(ids !== undefined ? { ids: ids.filter((id) => SAFE_WORD.test(id)) } : {}),
  };
}

/** What proxies, portals and other sites say in the server's place, by status: what it is, and what helps. */
const ELSEWHERE: Readonly<Record<number, readonly [what: string, advice: string]>> = {
  401: ["something in between wants its own sign-in", "whoever runs it has to let Excalibur through"],
  403: ["something in between refuses the request", "whoever runs it has to let Excalibur through"],
  407: ["a proxy of this network wants its own sign-in", "ask whoever runs that network"],
  408: ["something in between did not wait for the whole request", "try again on a faster line"],
  411: ["something in between changes how requests are sent", "whoever runs it has to pass them on as they are"],
  413: [
    "something in between takes no requests of this size",
    "whoever runs the reverse proxy has to allow 40 MiB (nginx: client_max_body_size 40m;)",
  ],
  414: ["something in between takes no addresses of this length", "whoever runs it has to allow 2 KiB"],
  429: ["something in between counts too many requests", "wait a while, or have its limit raised"],
  431: ["something in between takes no headers of this size", "whoever runs it has to allow 16 KiB"],
  502: ["the reverse proxy does not reach the server", "see whether the server runs, and on which port"],
  503: ["the reverse proxy says that the server is not available", "see whether the server runs"],
  504: [
    "the reverse proxy got no answer from the server in time",
    "see whether the server runs, and how long the proxy waits",
  ],
};

async function notOurs(reply: HttpReply): Promise<GatewayError> {
  const { status } = reply;
  try {
    await discard(reply);
  } catch (error) {
    // Who refuses a long request often cuts the line behind the answer; the status has said enough.
    if (status < 400) throw error;
  }
  if (status >= 300 && status < 400)
    return new GatewayError(
      status,
      "it sends elsewhere",
      "use the address it sends to, https:// perhaps, or sign in to the network first",
    );
  const [what, advice] = ELSEWHERE[status] ?? [];
  if (what !== undefined) return new GatewayError(status, `${what} (status ${status})`, advice);
  if (mediaType(reply) === "text/html")
    return new GatewayError(
      status,
      `a web page (status ${status})`,
      "check the address, and whether this network wants a sign-in first",
    );
  return new GatewayError(status, `an answer of another type (status ${status})`);
}

async function rawReply(reply: HttpReply, { range, expectedLengthBytes }: Expectation): Promise<RawReply> {
  // cryptography.md §8: ciphertext only with 200 or 206, application/octet-stream and the expected length.
  const wanted = range === undefined ? 200 : 206;
  if (reply.status !== wanted || mediaType(reply) !== "application/octet-stream") throw await notOurs(reply);
  const announced = contentLength(reply);
  const expected = range === undefined ? expectedLengthBytes : range.last - range.first + 1;
  const lengthBytes = announced ?? expected;
  if (lengthBytes === undefined || (expected !== undefined && lengthBytes !== expected)) {
    await discard(reply);
    throw new GatewayError(reply.status, "another number of bytes than asked for");
  }
  const isFilled = reply.isFilled === true;
  const body = isFilled ? reply.body : exactly(reply.body, lengthBytes);
  return { lengthBytes, header: (name) => reply.header(name), body, isFilled };
}

/**
 * A raw reply as a whole: control data, whose size has a bound; contents of files never come this way. Nothing is set
 * aside for a length that no honest server announces.
 */
export async function readBounded(reply: RawReply, limitBytes: number): Promise<Bytes> {
  if (reply.lengthBytes > limitBytes) throw new GatewayError(200, "far more than any answer holds");
  const whole: Bytes = new Uint8Array(reply.lengthBytes);
  let at = 0;
  for await (const piece of reply.body) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}

async function* exactly(
  body: AsyncIterable<Uint8Array>,
  lengthBytes: number,
): AsyncGenerator<Uint8Array, void, undefined> {
  let receivedBytes = 0;
  for await (const chunk of body) {
    receivedBytes += chunk.length;
    if (receivedBytes > lengthBytes) throw new GatewayError(200, "more bytes than announced");
    yield chunk;
  }
  if (receivedBytes !== lengthBytes) throw new TruncatedReplyError(receivedBytes, lengthBytes);
}

async function readAll(reply: HttpReply, limitBytes: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let sizeBytes = 0;
  for await (const chunk of reply.body) {
    sizeBytes += chunk.length;
    if (sizeBytes > limitBytes) throw new GatewayError(reply.status, "far more than any answer holds");
    chunks.push(chunk);
  }
  const announced = contentLength(reply);
  if (announced !== undefined && announced !== sizeBytes) throw new TruncatedReplyError(sizeBytes, announced);
  const all = new Uint8Array(sizeBytes);
  let offset = 0;
  for (const chunk of chunks) {
    all.set(chunk, offset);
    offset += chunk.length;
  }
  return all;
}

/** undefined: not JSON. The parser's own error is dropped on purpose, it quotes the bytes. */
function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    return undefined;
  }
}

function mediaType(reply: HttpReply): string {
  return (reply.header("content-type") ?? "").split(";", 1)[0]?.trim().toLowerCase() ?? "";
}

function contentLength(reply: HttpReply): number | undefined {
  const header = reply.header("content-length");
  return header !== undefined && /^\d{1,15}$/.test(header) ? Number(header) : undefined;
}
