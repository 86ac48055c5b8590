import { getUpload, listCommits } from "@excalibur/core/protocol";
import { describe, expect, it } from "vitest";
import { routeTarget } from "./address.ts";
import { addressText, parseServerAddress } from "./index.ts";

describe("a server's address", () => {
  it.each([
    ["https://Files.Example.org", "https://files.example.org"],
    ["https://files.example.org:443/", "https://files.example.org"],
    ["http://127.0.0.1:52419", "http://127.0.0.1:52419"],
    ["files.example.org", "https://files.example.org"],
    ["https://example.org/drive/", "https://example.org/drive"],
    [" https://example.org/#invite=AAAA ", "https://example.org"],
    ["https://bücher.example", "https://xn--bcher-kva.example"],
  ])("%s means %s", (text, address) => {
    expect(addressText(parseServerAddress(text))).toBe(address);
  });

  it.each([
    "ftp://example.org",
    "https://",
    "https://u:p@example.org",
    "file:///etc/passwd",
    "https://example.org/a b",
    "",
  ])("%j is none", (text) => {
    expect(() => parseServerAddress(text)).toThrow(expect.objectContaining({ code: "bad_address" }));
  });
});

describe("the target of a call", () => {
  it("puts parameters into path and query, behind the prefix of a proxy", () => {
    expect(routeTarget(getUpload, "/drive", { params: { objectId: "AAAAAAAAAAAAAAAAAAAAAA" } })).toEqual({
      path: "/drive/api/uploads/AAAAAAAAAAAAAAAAAAAAAA",
      query: "",
    });
    expect(
      routeTarget(listCommits, "", { params: { volumeId: "AAAAAAAAAAAAAAAAAAAAAA" }, query: { after: 7 } }).query,
    ).toBe("after=7");
  });

  it.each(["", "../../admin", "a/b", "a%2fb", "é", undefined, {}])("never holds %j", (value) => {
    expect(() => routeTarget(getUpload, "", { params: { objectId: value } })).toThrow(TypeError);
  });
});
