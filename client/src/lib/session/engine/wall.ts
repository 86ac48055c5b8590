import { transferHandlers } from "comlink";
import { EngineError, failureOf } from "./failure.ts";
import type { EngineFailure } from "./types.ts";

/** Errors cross the wall as code and sentence. Both sides call this before anything else. */
export function buildWall(): void {
  const marked = transferHandlers.get("throw");
  if (marked === undefined) throw new Error("comlink knows no throwing any more.");
  transferHandlers.set("throw", {
    canHandle: marked.canHandle,
    serialize: ({ value }: { readonly value: unknown }) => [failureOf(value), []],
    deserialize: (failure: EngineFailure) => {
      throw new EngineError(failure);
    },
  });
}
