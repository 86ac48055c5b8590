import type { RequestView } from "@excalibur/sdk";
import type { RequestFace } from "./request-types.ts";

/** Whether its time is over the sdk says, by the server's clock: that of this device may be wrong. */
export function faceOf({ isOpen, isExpired, ...view }: RequestView): RequestFace {
  const isFull = view.freeItems <= 0 || view.freeBytes <= 0;
  const closed = isExpired ? "expired" : "closed";
  return { ...view, state: isOpen ? (isFull ? "full" : "open") : closed };
}
