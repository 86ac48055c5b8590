/** Small files of their kind, made here: stories bring no pictures of others along. */

import { open, readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { crc32, deflateSync } from "node:zlib";
import type { Page } from "playwright-core";

function chunk(type: string, content: Uint8Array): Buffer {
  const body = Buffer.concat([Buffer.from(type, "latin1"), content]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(content.length);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, sum]);
}

export interface Picture {
  readonly width: number;
  readonly height: number;
  /** What its header says, if that is another size. */
  readonly claims?: { readonly width: number; readonly height: number };
  /** A remark inside. */
  readonly note?: string;
}

/** Red to the left, blue to the right, darker below. */
export function pngOf({ width, height, claims = { width, height }, note }: Picture): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(claims.width, 0);
  header.writeUInt32BE(claims.height, 4);
  header.set([8, 2], 8);
  const rows = Buffer.alloc(height * (1 + width * 3));
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const light = 1 - (0.6 * y) / height;
      const colour = x < width / 2 ? [230, 60, 50] : [40, 90, 220];
      rows.set(
        colour.map((part) => Math.round(part * light)),
        y * (1 + width * 3) + 1 + x * 3,
      );
    }
  }
  return Buffer.concat([
    Buffer.from("89504e470d0a1a0a", "hex"),
    chunk("IHDR", header),
    ...(note === undefined ? [] : [chunk("tEXt", Buffer.from(`Comment\0${note}`, "latin1"))]),
    chunk("IDAT", deflateSync(rows)),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

/** A picture as a camera stores it that was held another way: its EXIF says how to turn it (1 to 8). */
export async function jpegOf(page: Page, png: Buffer, orientation: number): Promise<Buffer> {
  const base64 = await page.evaluate(async (source) => {
    const bytes = Uint8Array.from(atob(source), (sign) => sign.charCodeAt(0));
    const bitmap = await createImageBitmap(new Blob([bytes], { type: "image/png" }));
    const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
    canvas.getContext("2d")?.drawImage(bitmap, 0, 0);
    const blob = await canvas.convertToBlob({ type: "image/jpeg", quality: 0.9 });
    const made = new Uint8Array(await blob.arrayBuffer());
    return btoa(Array.from(made, (byte) => String.fromCharCode(byte)).join(""));
  }, png.toString("base64"));
  const plain = Buffer.from(base64, "base64");
  const exif = Buffer.from(
    "457869660000" + "4d4d002a00000008" + "0001" + "0112000300000001" + "00000000" + "00000000",
    "hex",
  );
  exif.writeUInt16BE(orientation, 24);
  const marker = Buffer.from([0xff, 0xe1, 0, exif.length + 2]);
  return Buffer.concat([plain.subarray(0, 2), marker, exif, plain.subarray(2)]);
}

/** A second and a half or more, black at first and green then, as the browser of the page records it. */
export async function webmOf(page: Page): Promise<Buffer> {
  const base64 = await page.evaluate(async () => {
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [320, 180];
    const context = canvas.getContext("2d") as CanvasRenderingContext2D;
    const recorder = new MediaRecorder(canvas.captureStream(20), { mimeType: "video/webm" });
    const pieces: Blob[] = [];
    recorder.ondataavailable = ({ data }) => pieces.push(data);
    const done = new Promise((resolve) => {
      recorder.onstop = resolve;
    });
    recorder.start();
    for (let frame = 0; frame < 90; frame++) {
      context.fillStyle = frame < 4 ? "black" : `rgb(20 ${160 + frame} 40)`;
      context.fillRect(0, 0, canvas.width, canvas.height);
      await new Promise((resolve) => requestAnimationFrame(resolve));
    }
    recorder.stop();
    await done;
    const bytes = new Uint8Array(await new Blob(pieces).arrayBuffer());
    return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
  });
  return Buffer.from(base64, "base64");
}

const SAMPLE_RATE = 44_100;

/** A tone that rises, as long as asked: 88 kB a second. */
export function wavOf(seconds: number): Buffer {
  const samples = SAMPLE_RATE * seconds;
  const wav = Buffer.alloc(44 + samples * 2);
  wav.write("RIFF", 0);
  wav.writeUInt32LE(36 + samples * 2, 4);
  wav.write("WAVEfmt ", 8);
  wav.writeUInt32LE(16, 16);
  wav.writeUInt16LE(1, 20);
  wav.writeUInt16LE(1, 22);
  wav.writeUInt32LE(SAMPLE_RATE, 24);
  wav.writeUInt32LE(SAMPLE_RATE * 2, 28);
  wav.writeUInt16LE(2, 32);
  wav.writeUInt16LE(16, 34);
  wav.write("data", 36);
  wav.writeUInt32LE(samples * 2, 40);
  for (let at = 0; at < samples; at++) {
    const second = at / SAMPLE_RATE;
    wav.writeInt16LE(Math.round(3_000 * Math.sin(2 * Math.PI * (220 + 4 * second) * second)), 44 + at * 2);
  }
  return wav;
}

/** A page for each text; its script, which wants to run when it is opened, is one more thing that viewers must not do. */
export function pdfOf(texts: readonly string[], script = "app.alert(1)"): Buffer {
  const kids = texts.map((_, index) => `${4 + 2 * index} 0 R`).join(" ");
  const objects = [
    `<< /Type /Catalog /Pages 2 0 R /OpenAction << /S /JavaScript /JS (${script}) >> >>`,
    `<< /Type /Pages /Count ${texts.length} /Kids [${kids}] >>`,
    "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ...texts.flatMap((text, index) => {
      const drawing = `BT /F1 36 Tf 60 300 Td (${text}) Tj ET`;
      return [
        `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 420 595] /Contents ${5 + 2 * index} 0 R /Resources << /Font << /F1 3 0 R >> >> >>`,
        `<< /Length ${drawing.length} >>\nstream\n${drawing}\nendstream`,
      ];
    }),
  ];
  let pdf = "%PDF-1.7\n";
  const places = objects.map((object, index) => {
    const at = pdf.length;
    pdf += `${index + 1} 0 obj\n${object}\nendobj\n`;
    return at;
  });
  const rows = places.map((at) => `${String(at).padStart(10, "0")} 00000 n \n`).join("");
  const table = `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${rows}`;
  const end = `trailer << /Size ${objects.length + 1} /Root 1 0 R >>\nstartxref\n${pdf.length}\n%%EOF\n`;
  return Buffer.from(pdf + table + end, "latin1");
}

/** Alters one byte of an object where the server keeps it. Again: it is as it was. */
export async function alterObject(dataFolder: string, objectId: Uint8Array): Promise<void> {
  const begin = Buffer.concat([Buffer.from("ExEF"), Buffer.from([0, 3, 1, 1]), objectId]);
  let altered = 0;
  for (const entry of await readdir(dataFolder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const place = path.join(entry.parentPath, entry.name);
    const bytes = await readFile(place);
    const at = bytes.indexOf(begin);
    if (at < 0) continue;
    const file = await open(place, "r+");
    await file.write(Uint8Array.of((bytes[at + 200] ?? 0) ^ 1), 0, 1, at + 200);
    await file.close();
    altered += 1;
  }
  if (altered === 0) throw new Error("The server keeps no such object.");
}
