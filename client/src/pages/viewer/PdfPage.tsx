import { type CSSProperties, type RefObject, useEffect, useRef, useState } from "react";
import type { OpenPdf } from "../../lib/pdf/index.ts";
import { useText } from "../../lib/text/index.ts";

/** Drawn a little before they come into sight, and forgotten a little after they left it. */
const AROUND = "900px 0px";
/** While somebody enlarges it, nothing is drawn anew at each step. */
const SETTLE_MS = 120;

export interface PdfPageProps {
  readonly pdf: OpenPdf;
  /** From 1 on. */
  readonly number: number;
  readonly ratio: number;
  readonly width: number;
  readonly scroller: RefObject<HTMLElement | null>;
}

export function PdfPage({ pdf, number, ratio, width, scroller }: PdfPageProps) {
  const text = useText();
  const place = useRef<HTMLDivElement>(null);
  const [isNear, setNear] = useState(false);
  const [own, setOwn] = useState(ratio);
  const [isBroken, setBroken] = useState(false);
  useEffect(() => {
    const { current } = place;
    if (current === null) return;
    const observer = new IntersectionObserver(([entry]) => setNear(entry?.isIntersecting === true), {
      root: scroller.current,
      rootMargin: AROUND,
    });
    observer.observe(current);
    return () => observer.disconnect();
  }, [scroller]);
  useEffect(() => {
    const { current } = place;
    if (!isNear || current === null) return;
    const stop = new AbortController();
    const draw = async (): Promise<void> => {
      const [{ drawPage }, page] = await Promise.all([import("../../lib/pdf/index.ts"), pdf.document.getPage(number)]);
      const { width: natural, height } = page.getViewport({ scale: 1 });
      setOwn(height / natural);
      const [canvas, texts] = [document.createElement("canvas"), document.createElement("div")];
      texts.className = "pdf-texts";
      texts.style.setProperty("--total-scale-factor", String(width / natural));
      await drawPage(page, { canvas, texts, width, density: devicePixelRatio, signal: stop.signal });
      current.replaceChildren(canvas, texts);
      setBroken(false);
    };
    const timer = setTimeout(
      () => {
        draw().catch(() => !stop.signal.aborted && setBroken(true));
      },
      current.childElementCount === 0 ? 0 : SETTLE_MS,
    );
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
  }, [isNear, pdf, number, width]);
  useEffect(() => {
    if (!isNear) place.current?.replaceChildren();
  }, [isNear]);
  const style = { width, height: Math.round(width * own) } as CSSProperties;
  return (
    <section className="pdf-page" data-page={number} style={style} aria-label={text("viewer.pageOf", { number })}>
      <div className="pdf-drawn" ref={place} />
      {isBroken && <p className="pdf-broken faint">{text("viewer.brokenPage")}</p>}
    </section>
  );
}
