import { useEffect, useState } from "react";

const SHOWN_MS = 4_000;

export type Copied = "done" | "refused" | undefined;

/** Puts a text onto the clipboard, and says for a while that it is there. */
export function useCopied(): readonly [Copied, (text: string) => void] {
  const [copied, setCopied] = useState<Copied>();
  useEffect(() => {
    if (copied !== "done") return;
    const timer = setTimeout(() => setCopied(undefined), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [copied]);
  const copy = (text: string): void => {
    navigator.clipboard.writeText(text).then(
      () => setCopied("done"),
      () => setCopied("refused"),
    );
  };
  return [copied, copy];
}
