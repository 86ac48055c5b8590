import { ExcaliburError } from "@excalibur/core/bytes";
import { factsOfPicture, isDrawable } from "../viewing/size-of-picture.ts";
import { canHaveThumbnail, type ViewKind, viewKindOf } from "../viewing/view-kind.ts";
import { fitted, LONGEST_PX, type Size } from "./fit.ts";

/** A file made to keep its drawer busy goes up without a picture. */
const TIMEOUT_MS = 15_000;
/** Pictures under way at once: each is decoded whole. */
const AT_ONCE = 2;
/** The size of a picture stands in its beginning, or it is not looked for. */
const HEAD_BYTES = 256 * 1024;
const MAX_PIXELS = 64_000_000;
const MAX_PDF_BYTES = 32 * 1024 * 1024;
/** Films often begin in black. */
const FILM_SECONDS = 1;

let running = 0;
const waiting: (() => void)[] = [];

/** What a file says it is could not be drawn here, or not in time. It goes up all the same, without a picture. */
class UndrawableError extends ExcaliburError {
  constructor(options: { readonly cause: unknown }) {
    super("undrawable", "No small picture could be made of the file here. It is stored without one.", options);
  }
}

/** A small picture of a file, as WebP or JPEG; undefined: there is none of its kind. Throws UndrawableError. */
export async function makeThumbnail(file: File): Promise<Uint8Array | undefined> {
  if (!canHaveThumbnail(file.name)) return undefined;
  const kind = viewKindOf(file.name);
  if (running >= AT_ONCE) await new Promise<void>((resolve) => waiting.push(resolve));
  running += 1;
  try {
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    return await Promise.race([draw(file, { kind, signal }), rejection(signal)]);
  } catch (cause) {
    throw new UndrawableError({ cause });
  } finally {
    running -= 1;
    waiting.shift()?.();
  }
}

interface Drawing {
  readonly kind: ViewKind;
  readonly signal: AbortSignal;
}

async function draw(file: File, { kind, signal }: Drawing): Promise<Uint8Array | undefined> {
  if (kind.by === "picture") return await drawPicture(file);
  if (kind.by === "pdf") return await drawPdf(file, signal);
  return await drawFilm(file, signal);
}

/** Turned as the camera says. What claims to be larger than a memory is not decoded. */
async function drawPicture(file: File): Promise<Uint8Array | undefined> {
  const facts = factsOfPicture(new Uint8Array(await file.slice(0, HEAD_BYTES).arrayBuffer()));
  if (facts === undefined || !isDrawable(facts) || facts.width * facts.height > MAX_PIXELS) return undefined;
  const { width } = fitted(facts);
  // Sideways pictures come out somewhat larger than asked; the canvas makes up for it.
  const bitmap = await createImageBitmap(file, {
    imageOrientation: "from-image",
    resizeWidth: width,
    resizeQuality: "medium",
  });
  try {
    return await encode(bitmap, bitmap);
  } finally {
    bitmap.close();
  }
}

async function drawPdf(file: File, signal: AbortSignal): Promise<Uint8Array | undefined> {
  if (file.size > MAX_PDF_BYTES) return undefined;
  const { drawPage, openPdf } = await import("../pdf/index.ts");
  const pdf = await openPdf(new Uint8Array(await file.arrayBuffer()));
  try {
    const page = await pdf.document.getPage(1);
    const natural = page.getViewport({ scale: 1 });
    const scale = LONGEST_PX / Math.max(natural.width, natural.height);
    const canvas = document.createElement("canvas");
    await drawPage(page, { canvas, width: natural.width * scale, density: 1, signal, isAside: true });
    return await encode(canvas, canvas);
  } finally {
    await pdf.close();
  }
}

async function drawFilm(file: File, signal: AbortSignal): Promise<Uint8Array | undefined> {
  const film = document.createElement("video");
  const address = URL.createObjectURL(file);
  try {
    film.muted = true;
    film.preload = "auto";
    film.src = address;
    await heard(film, "loadeddata", signal);
    const { duration, videoWidth: width, videoHeight: height } = film;
    if (width === 0 || height === 0) return undefined;
    // What a browser has recorded does not say how long it is, and to look for its end is to read all of it: who asks for more than
    // there is gets the end.
    film.currentTime = Number.isFinite(duration) ? Math.min(FILM_SECONDS, duration / 3) : FILM_SECONDS;
    await heard(film, "seeked", signal);
    return await encode(film, { width, height });
  } finally {
    film.removeAttribute("src");
    film.load();
    URL.revokeObjectURL(address);
  }
}

function heard(film: HTMLVideoElement, name: "loadeddata" | "seeked", signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    film.addEventListener(name, () => resolve(), { once: true, signal });
    film.addEventListener("error", () => reject(new Error("This browser cannot play it.")), { once: true, signal });
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
}

function rejection(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason), { once: true }));
}

async function encode(drawn: CanvasImageSource, size: Size): Promise<Uint8Array | undefined> {
  const { width, height } = fitted(size);
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext("2d");
  if (context === null) return undefined;
  context.imageSmoothingQuality = "high";
  context.drawImage(drawn, 0, 0, width, height);
  const webp = await canvas.convertToBlob({ type: "image/webp", quality: 0.8 });
  if (webp.type === "image/webp") return new Uint8Array(await webp.arrayBuffer());
  // A browser that only reads WebP: JPEG knows nothing of what is see-through.
  context.globalCompositeOperation = "destination-over";
  context.fillStyle = "#fff";
  context.fillRect(0, 0, width, height);
  const jpeg = await canvas.convertToBlob({ type: "image/jpeg", quality: 0.82 });
  return new Uint8Array(await jpeg.arrayBuffer());
}
