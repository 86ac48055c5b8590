import { toBase64Url } from "@excalibur/core/bytes";
import type { Stars } from "./stars.ts";

interface Renewed {
  readonly from: Uint8Array;
  readonly to: Uint8Array;
}

/** Takes the stars of a person along when items get other ids: what was done to the items stays done, whatever becomes of the stars. */
export function starFollower(stars: () => Stars) {
  return {
    has: (childId: Uint8Array): boolean => stars().has(childId),
    follow: async (
      renewed: readonly Renewed[],
      volumeIds: { readonly from: Uint8Array; readonly to: Uint8Array },
    ): Promise<void> => {
      const starOf = (volumeId: Uint8Array, id: Uint8Array) => ({
        volumeId: toBase64Url(volumeId),
        id: toBase64Url(id),
      });
      const moves = renewed.map(({ from, to }) => ({
        from: starOf(volumeIds.from, from),
        to: starOf(volumeIds.to, to),
      }));
      await Promise.allSettled([stars().replace(moves)]);
    },
  };
}
