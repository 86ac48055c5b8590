import type { ReactNode } from "react";
import { useText } from "../../lib/text/index.ts";

export function Steps({ step, children }: { readonly step: 1 | 2 | 3; readonly children: ReactNode }) {
  const text = useText();
  return (
    <div className="steps">
      <span className={`steps-bar steps-bar-${step}`} aria-hidden="true" />
      <span className="faint">{text("words.step", { step })}</span>
      {children}
    </div>
  );
}
