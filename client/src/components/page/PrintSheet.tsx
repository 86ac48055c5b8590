import type { ReactNode } from "react";
import { createPortal } from "react-dom";
import "./PrintSheet.css";

/** What the printer gets instead of the page, which scrolls inside itself and would come out empty. Not seen on screens. */
export function PrintSheet({ children }: { readonly children: ReactNode }) {
  return createPortal(
    <div className="print-sheet" aria-hidden="true">
      {children}
    </div>,
    document.body,
  );
}
