/** What some PDF files need besides themselves: character maps of East Asian fonts, stand-ins for the fonts that every printer had, decoders of rarer pictures. Fetched from our own address, when one asks. */
const FILES: Readonly<Record<string, string>> = {
  ...import.meta.glob<string>("../../../../node_modules/pdfjs-dist/cmaps/*.bcmap", {
    query: "?url",
    import: "default",
    eager: true,
  }),
  ...import.meta.glob<string>("../../../../node_modules/pdfjs-dist/standard_fonts/*.{pfb,ttf}", {
    query: "?url",
    import: "default",
    eager: true,
  }),
  ...import.meta.glob<string>("../../../../node_modules/pdfjs-dist/wasm/{jbig2,openjpeg,qcms_bg}.wasm", {
    query: "?url",
    import: "default",
    eager: true,
  }),
};

const ADDRESSES = new Map(
  Object.entries(FILES).map(([place, address]) => [place.slice(place.lastIndexOf("/") + 1), address]),
);

/** pdf.js asks it for its files by their names. */
export class DataFiles {
  async fetch({ filename }: { readonly filename: string }): Promise<Uint8Array> {
    const address = ADDRESSES.get(filename);
    if (address === undefined) throw new Error(`There is no file ${filename} for PDF.`);
    const response = await fetch(address);
    if (!response.ok) throw new Error(`The file ${filename} for PDF could not be fetched.`);
    return new Uint8Array(await response.arrayBuffer());
  }
}
