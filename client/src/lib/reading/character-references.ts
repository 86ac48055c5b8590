/** The names that people write; others stay as they are. */
const NAMES: Readonly<Record<string, string>> = {
  ...{
    amp: "&",
    lt: "<",
    gt: ">",
    quot: '"',
    apos: "'",
    nbsp: "\u00a0",
    shy: "\u00ad",
    copy: "©",
    reg: "®",
    trade: "™",
  },
  ...{ hellip: "…", mdash: "—", ndash: "–", laquo: "«", raquo: "»", lsquo: "‘", rsquo: "’", ldquo: "“", rdquo: "”" },
  ...{ sbquo: "‚", bdquo: "„", bull: "•", middot: "·", deg: "°", plusmn: "±", times: "×", divide: "÷", euro: "€" },
  ...{ pound: "£", yen: "¥", sect: "§", para: "¶", larr: "←", rarr: "→", uarr: "↑", darr: "↓", harr: "↔", ne: "≠" },
  ...{ le: "≤", ge: "≥", infin: "∞", auml: "ä", ouml: "ö", uuml: "ü", Auml: "Ä", Ouml: "Ö", Uuml: "Ü", szlig: "ß" },
};

/** `&amp;`, `&#233;` and `&#xe9;` as the signs they stand for. */
export function decodeReferences(text: string): string {
  return text.replaceAll(/&(?:#(\d{1,7})|#[xX]([0-9a-fA-F]{1,6})|([A-Za-z]+));/g, (whole, decimal, hex, name) => {
    if (name !== undefined) return Object.hasOwn(NAMES, name) ? (NAMES[name] as string) : whole;
    const code = decimal === undefined ? Number.parseInt(hex, 16) : Number(decimal);
    const isSign = code > 0 && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff);
    return isSign ? String.fromCodePoint(code) : "\u{fffd}";
  });
}
