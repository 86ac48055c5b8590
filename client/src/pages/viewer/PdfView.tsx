import { useEffect, useRef, useState } from "react";
import { IconButton } from "../../components/controls/Button.tsx";
import type { OpenPdf } from "../../lib/pdf/index.ts";
import { type EngineFailure, failureOf } from "../../lib/session/index.ts";
import { useText } from "../../lib/text/index.ts";
import { Failed, Loading, Message } from "./Message.tsx";
import { PdfPage } from "./PdfPage.tsx";
import type { ViewProps } from "./types.ts";
import { useBytes } from "./use-bytes.ts";
import "./PdfView.css";

/** Wider than that a page is no easier to read. */
const WIDEST_PX = 900;
const MARGIN_PX = 36;
const FACTOR = 1.25;
const [SMALLEST, LARGEST] = [0.4, 4];

/** The pages of a PDF file, of which those in sight are drawn. */
export function PdfView({ opened, wayOut, retry }: ViewProps) {
  const text = useText();
  const { bytes, share, failure } = useBytes(opened);
  const [pdf, setPdf] = useState<{ readonly open: OpenPdf; readonly ratio: number }>();
  const [problem, setProblem] = useState<EngineFailure>();
  useEffect(() => {
    if (bytes === undefined) return;
    let isWanted = true;
    const opening = import("../../lib/pdf/index.ts").then(({ openPdf }) => openPdf(bytes));
    opening
      .then(async (open) => {
        const [, , width = 1, height = 1] = (await open.document.getPage(1)).view;
        if (isWanted) setPdf({ open, ratio: height / width });
      })
      .catch((error: unknown) => isWanted && setProblem(failureOf(error)));
    return () => {
      isWanted = false;
      opening.then(
        (open) => open.close(),
        // It closed itself.
        () => null,
      );
    };
  }, [bytes]);

  if (failure !== undefined) return <Failed failure={failure}>{retry}</Failed>;
  if (problem !== undefined) {
    const lead = problem.code === "pdf_password" ? "viewer.pdfPassword" : "viewer.notPdf";
    return (
      <Message title={text("viewer.failedTitle")} lead={text(lead)}>
        {wayOut}
      </Message>
    );
  }
  if (pdf === undefined) return <Loading share={share} />;
  return <Pages name={opened.name} pdf={pdf.open} ratio={pdf.ratio} />;
}

interface PagesProps {
  readonly name: string;
  readonly pdf: OpenPdf;
  /** Height by width of the first page: what the others are taken for until they are seen. */
  readonly ratio: number;
}

function Pages({ name, pdf, ratio }: PagesProps) {
  const text = useText();
  const scroller = useRef<HTMLElement>(null);
  const [fitPx, setFit] = useState(0);
  const [zoom, setZoom] = useState(1);
  const [current, setCurrent] = useState(1);
  const { numPages: count } = pdf.document;
  useEffect(() => {
    const { current: element } = scroller;
    if (element === null) return;
    const measure = (): void => setFit(Math.min(WIDEST_PX, element.clientWidth - MARGIN_PX));
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    measure();
    return () => observer.disconnect();
  }, []);
  const change = (factor: number): void => setZoom((before) => Math.min(LARGEST, Math.max(SMALLEST, before * factor)));
  const onScroll = (): void => {
    const { current: element } = scroller;
    if (element === null) return;
    const middle = element.scrollTop + element.clientHeight / 2;
    const pages = [...element.querySelectorAll<HTMLElement>("[data-page]")];
    const at = pages.findLast((page) => page.offsetTop <= middle);
    setCurrent(Number(at?.getAttribute("data-page") ?? 1));
  };
  return (
    <>
      <section
        className="viewer-pdf"
        ref={scroller}
        aria-label={name}
        onScroll={onScroll}
        data-zoomed={zoom > 1 || undefined}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and keys must be able to
        tabIndex={0}
      >
        {fitPx > 0 &&
          Array.from({ length: count }, (_, index) => (
            <PdfPage
              // biome-ignore lint/suspicious/noArrayIndexKey: pages are their numbers
              key={index}
              pdf={pdf}
              number={index + 1}
              ratio={ratio}
              width={Math.floor(fitPx * zoom)}
              scroller={scroller}
            />
          ))}
      </section>
      <div className="viewer-tools">
        <span className="viewer-count number" role="status">
          {text("viewer.page", { at: current, count })}
        </span>
        <IconButton icon="minus" label={text("viewer.zoomOut")} onClick={() => change(1 / FACTOR)} />
        <IconButton icon="fit" label={text("viewer.fit")} onClick={() => setZoom(1)} />
        <IconButton icon="plus" label={text("viewer.zoomIn")} onClick={() => change(FACTOR)} />
      </div>
    </>
  );
}
