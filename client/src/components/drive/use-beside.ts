import { useEffect } from "react";
import type { FileItem } from "../../lib/session/index.ts";
import { useMemory } from "./DriveMemory.tsx";

/** These items stand on the page of this address: whoever opens one of them turns to the next here. */
export function useBeside(pathname: string, items: readonly FileItem[]): void {
  const { beside } = useMemory();
  useEffect(() => beside.show(pathname, items), [beside, pathname, items]);
}
