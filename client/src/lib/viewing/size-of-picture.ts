/** What the first bytes of a picture say of it. */
export interface PictureFacts {
  readonly mediaType: string;
  readonly width: number;
  readonly height: number;
}

/** Pictures with more pixels are not decoded: four bytes each, whatever the file weighs. */
export const MAX_PIXELS = 100_000_000;
/** Neither side: beyond it browsers decode nothing, or worse. */
const MAX_SIDE = 32_767;

/** undefined: no kind of picture that browsers draw, whatever its name says. */
export function factsOfPicture(bytes: Uint8Array): PictureFacts | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (const read of [png, gif, jpeg, webp, bmp, ico, avif]) {
    try {
      const facts = read(view);
      if (facts !== undefined && facts.width > 0 && facts.height > 0) return facts;
    } catch (error) {
      // It ends before it says how large it is.
      if (!(error instanceof RangeError)) throw error;
    }
  }
  return undefined;
}

/** Whether decoding it costs memory that a page can spare. */
export function isDrawable({ width, height }: PictureFacts): boolean {
  return width <= MAX_SIDE && height <= MAX_SIDE && width * height <= MAX_PIXELS;
}

function tag(view: DataView, at: number, length = 4): string {
  let text = "";
  for (let index = at; index < at + length; index++) text += String.fromCharCode(view.getUint8(index));
  return text;
}

function png(view: DataView): PictureFacts | undefined {
  if (view.getUint32(0) !== 0x89504e47 || tag(view, 12) !== "IHDR") return undefined;
  return { mediaType: "image/png", width: view.getUint32(16), height: view.getUint32(20) };
}

function gif(view: DataView): PictureFacts | undefined {
  if (!/^GIF8[79]a$/.test(tag(view, 0, 6))) return undefined;
  return { mediaType: "image/gif", width: view.getUint16(6, true), height: view.getUint16(8, true) };
}

function bmp(view: DataView): PictureFacts | undefined {
  if (tag(view, 0, 2) !== "BM") return undefined;
  const isOld = view.getUint32(14, true) === 12;
  const width = isOld ? view.getUint16(18, true) : Math.abs(view.getInt32(18, true));
  const height = isOld ? view.getUint16(20, true) : Math.abs(view.getInt32(22, true));
  return { mediaType: "image/bmp", width, height };
}

/** Of a file with several the largest; 0 stands for 256, or for what the PNG inside says. */
function ico(view: DataView): PictureFacts | undefined {
  if (view.getUint32(0, true) !== 0x10000) return undefined;
  let [width, height] = [0, 0];
  for (let index = 0; index < view.getUint16(4, true); index++) {
    const at = 6 + 16 * index;
    const inside = view.getUint32(at + 12, true);
    const whole =
      view.getUint32(inside) === 0x89504e47 ? png(new DataView(view.buffer, view.byteOffset + inside)) : undefined;
    width = Math.max(width, whole?.width ?? (view.getUint8(at) || 256));
    height = Math.max(height, whole?.height ?? (view.getUint8(at + 1) || 256));
  }
  return { mediaType: "image/x-icon", width, height };
}

/** The size stands in the first frame header; what is before it is stepped over. */
function jpeg(view: DataView): PictureFacts | undefined {
  if (view.getUint16(0) !== 0xffd8) return undefined;
  for (let at = 2; ; ) {
    const marker = view.getUint16(at);
    if (marker >> 8 !== 0xff) return undefined;
    const isFrame = marker >= 0xffc0 && marker <= 0xffcf && ![0xffc4, 0xffc8, 0xffcc].includes(marker);
    if (isFrame) return { mediaType: "image/jpeg", width: view.getUint16(at + 7), height: view.getUint16(at + 5) };
    const isFiller = marker === 0xffff;
    at += isFiller ? 1 : 2 + view.getUint16(at + 2);
  }
}

function webp(view: DataView): PictureFacts | undefined {
  if (tag(view, 0) !== "RIFF" || tag(view, 8) !== "WEBP") return undefined;
  const mediaType = "image/webp";
  const kind = tag(view, 12);
  if (kind === "VP8X") {
    const u24 = (at: number): number => view.getUint16(at, true) | (view.getUint8(at + 2) << 16);
    return { mediaType, width: u24(24) + 1, height: u24(27) + 1 };
  }
  if (kind === "VP8L") {
    const bits = view.getUint32(21, true);
    return { mediaType, width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 };
  }
  if (kind !== "VP8 ") return undefined;
  return { mediaType, width: view.getUint16(26, true) & 0x3fff, height: view.getUint16(28, true) & 0x3fff };
}

/** Boxes of ISO media files: the size is a property (`ispe`) in the metadata; of several the largest, as in a grid of tiles. */
function avif(view: DataView): PictureFacts | undefined {
  if (tag(view, 4) !== "ftyp") return undefined;
  const brands = tag(view, 8, Math.min(view.getUint32(0), 256) - 8);
  if (!/avif|avis/.test(brands)) return undefined;
  let [width, height] = [0, 0];
  const end = Math.min(view.byteLength - 16, 256 * 1024);
  for (let at = 12; at < end; at++) {
    if (view.getUint32(at) !== 0x69737065) continue;
    width = Math.max(width, view.getUint32(at + 8));
    height = Math.max(height, view.getUint32(at + 12));
  }
  return { mediaType: "image/avif", width, height };
}
