import { getDocument, InvalidPDFException, PasswordException, type PDFDocumentProxy, PDFWorker } from "pdfjs-dist";
import { MAX_PIXELS } from "../viewing/size-of-picture.ts";
import { DataFiles } from "./data-files.ts";

export type { PDFDocumentProxy as PdfDocument, PDFPageProxy as PdfPage } from "pdfjs-dist";
export { drawPage, type PageDrawing } from "./draw-page.ts";

export class PdfError extends Error {
  readonly code: "pdf_password" | "pdf_invalid";

  constructor(code: PdfError["code"], options?: ErrorOptions) {
    super(code === "pdf_password" ? "The PDF file has a password." : "This is no PDF file.", options);
    this.code = code;
  }
}

export interface OpenPdf {
  readonly document: PDFDocumentProxy;
  close(): Promise<void>;
}

/**
 * Opens a PDF file, whose bytes are handed over. Its scripts, forms and links are not asked for: what is drawn is pictures and
 * text. Throws PdfError.
 */
export async function openPdf(bytes: Uint8Array<ArrayBuffer>): Promise<OpenPdf> {
  const port = new Worker(new URL("./pdf.worker.ts", import.meta.url), { type: "module", name: "pdf" });
  const worker = PDFWorker.create({ port: port as never });
  const loading = getDocument({
    data: bytes,
    worker,
    BinaryDataFactory: DataFiles,
    useWorkerFetch: false,
    disableWorkerRendering: true,
    enableXfa: false,
    maxImageSize: MAX_PIXELS,
    canvasMaxAreaInBytes: MAX_PIXELS * 4,
    verbosity: 0,
  } as Parameters<typeof getDocument>[0]);
  const close = async (): Promise<void> => {
    await loading.destroy();
    worker.destroy();
    port.terminate();
  };
  try {
    return { document: await loading.promise, close };
  } catch (error) {
    await close();
    if (error instanceof PasswordException) throw new PdfError("pdf_password", { cause: error });
    if (error instanceof InvalidPDFException) throw new PdfError("pdf_invalid", { cause: error });
    throw error;
  }
}
