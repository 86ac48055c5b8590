import { describe, expect, it } from "vitest";
import { parseReplyHead } from "./reply-head.ts";

const head = (...lines: string[]): string => lines.join("\r\n");
const LENGTH = "Content-Length: 10";

describe("the head of a plain reply", () => {
  it("gives its status and its fields", () => {
    const parsed = parseReplyHead(
      head("HTTP/1.1 206 Partial Content", LENGTH, "X-Odd:  a b\t", "x-empty:", "Connection: Keep-Alive"),
      10,
    );
    expect(parsed).toMatchObject({ status: 206, keepsConnection: true });
    expect([...(parsed?.fields ?? [])]).toEqual([
      ["content-length", "10"],
      ["x-odd", "a b"],
      ["x-empty", ""],
      ["connection", "Keep-Alive"],
    ]);
  });

  it("says whether the connection stays", () => {
    expect(parseReplyHead(head("HTTP/1.1 200 OK", LENGTH), 10)?.keepsConnection).toBe(true);
    expect(parseReplyHead(head("HTTP/1.1 200", LENGTH, "connection: close"), 10)?.keepsConnection).toBe(false);
    expect(parseReplyHead(head("HTTP/1.1 200", LENGTH, "connection: upgrade"), 10)?.keepsConnection).toBe(false);
  });

  it.each([
    ["nothing", ""],
    ["another version", head("HTTP/1.0 200 OK", LENGTH)],
    ["another state", head("HTTP/1.1 404 Not Found", LENGTH)],
    ["no body allowed", head("HTTP/1.1 204 No Content", LENGTH)],
    ["an interim answer", head("HTTP/1.1 100 Continue", LENGTH)],
    ["no length", head("HTTP/1.1 200 OK", "a: b")],
    ["another length", head("HTTP/1.1 200 OK", "content-length: 11")],
    ["a length written otherwise", head("HTTP/1.1 200 OK", "content-length: 010")],
    ["two lengths in one", head("HTTP/1.1 200 OK", "content-length: 10, 10")],
    ["two lengths", head("HTTP/1.1 200 OK", LENGTH, LENGTH)],
    ["a body in chunks", head("HTTP/1.1 200 OK", LENGTH, "Transfer-Encoding: chunked")],
    ["a packed body", head("HTTP/1.1 200 OK", LENGTH, "content-encoding: gzip")],
    ["a field on two lines", head("HTTP/1.1 200 OK", LENGTH, "a: b", " c")],
    ["a space before the colon", head("HTTP/1.1 200 OK", LENGTH, "a : b")],
    ["a field without a name", head("HTTP/1.1 200 OK", LENGTH, ": b")],
    ["a bare line feed", head("HTTP/1.1 200 OK", LENGTH, "a: b\nc: d")],
    ["a zero byte", head("HTTP/1.1 200 OK", LENGTH, "a: \0")],
  ])("is not found in %s", (_, text) => {
    expect(parseReplyHead(text, 10)).toBeUndefined();
  });
});
