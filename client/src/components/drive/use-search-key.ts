import { useIonRouter } from "@ionic/react";
import { type RefObject, useEffect } from "react";
import { isForPage } from "./use-page-keys.ts";

/** "/" and Ctrl+F lead to the search, wherever one is in the drive. */
export function useSearchKey(frame: RefObject<HTMLElement | null>, field: RefObject<HTMLInputElement | null>): void {
  const router = useIonRouter();
  useEffect(() => {
    const hear = (event: KeyboardEvent): void => {
      const hasMod = event.ctrlKey || event.metaKey;
      const isFind = hasMod && !event.shiftKey && !event.altKey && event.key.toLowerCase() === "f";
      const isSlash = event.key === "/" && !hasMod && !event.altKey;
      if (!(isFind || isSlash) || !isForPage(frame.current, event)) return;
      event.preventDefault();
      // To a list it would be the beginning of a name.
      event.stopPropagation();
      // Where there is no sidebar the page of the answers has the field, and takes the focus itself.
      if (field.current?.offsetParent === null) router.push("/search", "none");
      else {
        field.current?.focus();
        field.current?.select();
      }
    };
    document.addEventListener("keydown", hear, { capture: true });
    return () => document.removeEventListener("keydown", hear, { capture: true });
  }, [router, frame, field]);
}
