import { useEffect, useRef } from "react";
import { openLayer } from "../../lib/back/index.ts";

/** While it is open, "back" closes it, and leaves the page as it is ([Note: Back]). */
export function useBack(isOpen: boolean, onClose: () => void): void {
  const latest = useRef(onClose);
  useEffect(() => {
    latest.current = onClose;
  });
  useEffect(() => (isOpen ? openLayer(() => latest.current()) : undefined), [isOpen]);
}
