/** What the build understands besides code. */

declare module "*.css";
declare module "@fontsource-variable/inter";
declare module "pdfjs-dist/build/pdf.worker.min.mjs";

interface ImportMeta {
  /** The addresses that files get in the build, by their places. */
  glob<Value>(
    pattern: string,
    options: { readonly query: string; readonly import: string; readonly eager: true },
  ): Readonly<Record<string, Value>>;
}
