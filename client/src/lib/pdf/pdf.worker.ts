/** Reads PDF files apart from the page; a file made to keep it busy is ended with it. */
import "pdfjs-dist/build/pdf.worker.min.mjs";
