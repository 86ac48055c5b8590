import { ExcaliburError } from "@excalibur/core/bytes";

/** Of one account, in all its volumes: the keyring travels whole. */
export const STARS_AT_MOST = 500;

/** Nothing was starred. Take the star off something first. */
export class StarsFullError extends ExcaliburError {
  constructor() {
    super(
      "stars_full",
      `At most ${STARS_AT_MOST} items can be starred. Nothing was changed; take the star off some of them first.`,
      { details: { limit: STARS_AT_MOST } },
    );
  }
}
