/** One way in which a text may have been written down. */
export interface Needle {
  readonly encoding: string;
  readonly bytes: Buffer;
}

function swapped(bytes: Buffer): Buffer {
  return Buffer.from(bytes).swap16();
}

/**
 * The digits of Base64 that depend on nothing but the text, for each of the three places it may have among other bytes:
 * `shift` unknown bytes before it, anything after it.
 */
function base64Core(bytes: Buffer, shift: number, alphabet: "base64" | "base64url"): Buffer {
  const digits = Buffer.concat([Buffer.alloc(shift), bytes])
    .toString(alphabet)
    .replaceAll("=", "");
  const first = Math.ceil((shift * 8) / 6);
  const end = Math.floor(((shift + bytes.length) * 8) / 6);
  return Buffer.from(digits.slice(first, end));
}

function percentEncoded(bytes: Buffer, digitCase: "upper" | "lower"): string {
  const all = [...bytes].map((byte) => `%${byte.toString(16).padStart(2, "0")}`).join("");
  return digitCase === "upper" ? all.toUpperCase() : all;
}

/** JSON with everything beyond ASCII escaped. */
function jsonEscaped(text: string): string {
  return text.replaceAll(/[^\u0000-\u007f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

function spellings(text: string): readonly [encoding: string, bytes: Buffer][] {
  const utf8 = Buffer.from(text);
  const utf16 = Buffer.from(text, "utf16le");
  const shifts = [0, 1, 2] as const;
  const alphabets = ["base64", "base64url"] as const;
  const hex = utf8.toString("hex");
  return [
    ["utf-8", utf8],
    ["utf-16le", utf16],
    ["utf-16be", swapped(utf16)],
    ["hex", Buffer.from(hex)],
    ["HEX", Buffer.from(hex.toUpperCase())],
    ["utf-16le in hex", Buffer.from(utf16.toString("hex"))],
    ...shifts.flatMap((shift) =>
      alphabets.map((alphabet) => [`${alphabet}+${shift}`, base64Core(utf8, shift, alphabet)] as [string, Buffer]),
    ),
    ["percent, as addresses have it", Buffer.from(encodeURIComponent(text))],
    ["percent, every byte", Buffer.from(percentEncoded(utf8, "upper"))],
    ["percent, every byte, lower case", Buffer.from(percentEncoded(utf8, "lower"))],
    ["json escapes", Buffer.from(jsonEscaped(text))],
    ["utf-8 backwards", Buffer.from(utf8).reverse()],
  ];
}

/** Every spelling of a text that a search has to look for: as it is, in lower and upper case, in either Unicode form. */
export function needlesOf(marker: string): Needle[] {
  const variants = new Set(
    [marker, marker.toLowerCase(), marker.toUpperCase()].flatMap((text) => [
      text.normalize("NFC"),
      text.normalize("NFD"),
    ]),
  );
  const needles = new Map<string, Needle>();
  for (const variant of variants) {
    for (const [encoding, bytes] of spellings(variant)) needles.set(bytes.toString("latin1"), { encoding, bytes });
  }
  return [...needles.values()];
}
