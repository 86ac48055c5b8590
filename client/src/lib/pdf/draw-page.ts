import { AnnotationMode, type PDFPageProxy, type RenderTask, TextLayer } from "pdfjs-dist";

/** Of one canvas: four bytes each. Larger pages are drawn less sharp. */
const MAX_CANVAS_PIXELS = 16_000_000;

export interface PageDrawing {
  readonly canvas: HTMLCanvasElement;
  /** Gets the text, unseen, where it stands on the page: to be marked, found and read out. Absent: only drawn. */
  readonly texts?: HTMLElement;
  /** In pixels of the screen. */
  readonly width: number;
  /** Pixels of the canvas for each of the screen. */
  readonly density: number;
  readonly signal: AbortSignal;
  /** Nobody watches, and the window may be hidden: browsers then give no turns for drawing. */
  readonly isAside?: boolean;
}

/** Draws a page as wide as asked. Rejects with the signal's reason, or what is wrong with the page. */
export async function drawPage(page: PDFPageProxy, drawing: PageDrawing): Promise<void> {
  const { canvas, texts, width, density, signal, isAside = false } = drawing;
  const natural = page.getViewport({ scale: 1 });
  const viewport = page.getViewport({ scale: width / natural.width });
  const pixels = viewport.width * viewport.height;
  const sharpness = Math.min(density, Math.sqrt(MAX_CANVAS_PIXELS / pixels));
  canvas.width = Math.max(1, Math.floor(viewport.width * sharpness));
  canvas.height = Math.max(1, Math.floor(viewport.height * sharpness));
  // Notes and stamps are drawn as they look; nothing of them can be pressed.
  const annotationMode = AnnotationMode.ENABLE;
  const transform = [sharpness, 0, 0, sharpness, 0, 0];
  const intent = isAside ? "print" : "display";
  const task = page.render({ canvas, viewport, transform, annotationMode, intent });
  const layer = texts && new TextLayer({ textContentSource: page.streamTextContent(), container: texts, viewport });
  await untilAborted(signal, { task, layer });
}

async function untilAborted(
  signal: AbortSignal,
  { task, layer }: { readonly task: RenderTask; readonly layer: TextLayer | undefined },
): Promise<void> {
  const stop = (): void => {
    task.cancel();
    layer?.cancel();
  };
  signal.addEventListener("abort", stop, { once: true });
  try {
    signal.throwIfAborted();
    await Promise.all([task.promise, layer?.render()]);
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  } finally {
    signal.removeEventListener("abort", stop);
  }
}
