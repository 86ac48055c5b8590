import { describe, expect, it } from "vitest";
import { FormatError, fromHex, toBase64Url, UnsupportedError } from "../bytes/index.ts";
import { formatContactAddress, parseContactAddress } from "./index.ts";

const fingerprint = Uint8Array.from({ length: 32 }, (_, index) => index * 7);
const text = toBase64Url(fingerprint);

describe("a contact link", () => {
  it("is read as it was written, whatever path a proxy gave the server, and whatever the name", () => {
    for (const server of ["https://drive.example.org", "http://127.0.0.1:8080", "https://example.org/cloud/drive"]) {
      for (const name of ["alice", "a.b-c_d", "..."]) {
        const address = formatContactAddress({ server, name, fingerprint });
        expect(address).toBe(`${server}/c/${name}#1.${text}`);
        expect(parseContactAddress(`  ${address}\n`)).toEqual({ server, name, fingerprint });
      }
    }
  });

  it("is the one of the specification", () => {
    const alices = fromHex("9995cae929e8ab656e36ddc6b72d21f80d12d614373ce4a956b08e37a7d642e1");
    expect(formatContactAddress({ server: "https://drive.example.org", name: "alice", fingerprint: alices })).toBe(
      "https://drive.example.org/c/alice#1.mZXK6Snoq2VuNt3Gty0h-A0S1hQ3POSpVrCON6fWQuE",
    );
  });

  it.each([
    ["nothing", ""],
    ["no address", `c/alice#1.${text}`],
    ["another scheme", `ftp://example.org/c/alice#1.${text}`],
    ["no fragment", "https://example.org/c/alice"],
    ["a fragment without a version", `https://example.org/c/alice#${text}`],
    ["a fingerprint that is cut", `https://example.org/c/alice#1.${text.slice(0, -1)}`],
    ["a fingerprint in another spelling", `https://example.org/c/alice#1.${text.slice(0, -1)}9`],
    ["something behind it", `https://example.org/c/alice#1.${text}&x=1`],
    ["a query", `https://example.org/c/alice?x=1#1.${text}`],
    ["somebody before the server", `https://bob@example.org/c/alice#1.${text}`],
    ["no name", `https://example.org/c/#1.${text}`],
    ["a name that nobody can have", `https://example.org/c/Alice#1.${text}`],
    ["a name in other characters", `https://example.org/c/al%69ce#1.${text}`],
    ["a path behind the name", `https://example.org/c/alice/#1.${text}`],
    ["another page", `https://example.org/s/alice#1.${text}`],
  ])("is refused with %s", (_, address) => {
    expect(() => parseContactAddress(address)).toThrow(FormatError);
  });

  it("of a newer version is not guessed at", () => {
    expect(() => parseContactAddress(`https://example.org/c/alice#2.${text}`)).toThrow(UnsupportedError);
  });

  it("is not made of what it could not be read from", () => {
    expect(() => formatContactAddress({ server: "drive.example.org", name: "alice", fingerprint })).toThrow(
      FormatError,
    );
  });
});
