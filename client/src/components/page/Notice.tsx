import type { ReactNode } from "react";
import "./Notice.css";

export interface NoticeProps {
  /** bad: something failed, and is read out at once. seal: about what protects. */
  readonly kind: "bad" | "seal" | "plain";
  readonly children: ReactNode;
}

export function Notice({ kind, children }: NoticeProps) {
  return (
    <div className={`notice-box notice-${kind}`} role={kind === "bad" ? "alert" : undefined}>
      {children}
    </div>
  );
}
