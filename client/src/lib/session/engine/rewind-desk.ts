import { fromBase64Url } from "@excalibur/core/bytes";
import type { Files, RewindChange, RewindPreview, Rewound } from "@excalibur/sdk";
import { NotFoundError } from "@excalibur/sdk";
import type { AccountDesk } from "./account-desk.ts";
import type { RewindLine, RewindView } from "./types.ts";

/** So many are shown one by one; more are counted. */
const SHOWN = 200;

/** Bringing a folder back to a moment: what was shown is what is done. */
export class RewindDesk {
  readonly #accounts: AccountDesk;
  #shown: { readonly number: number; readonly preview: RewindPreview } | undefined;
  /** Those that can be undone, by the number of what was shown. */
  readonly #done = new Map<number, Rewound>();
  #looking: AbortController | undefined;
  #lastNumber = 0;

  constructor(accounts: AccountDesk) {
    this.#accounts = accounts;
  }

  /** Changes nothing. Throws MomentGoneError, RewindAroundError. */
  async preview(folderId: string, timeMs: number): Promise<RewindView> {
    this.cancel();
    const looking = new AbortController();
    this.#looking = looking;
    const files = await this.#files();
    const preview = await files.previewRewind(
      { folderId: fromBase64Url(folderId), timeMs },
      { signal: looking.signal },
    );
    this.#lastNumber += 1;
    this.#shown = { number: this.#lastNumber, preview };
    const { changes, lost, left } = preview;
    return {
      number: this.#lastNumber,
      timeMs: preview.timeMs,
      changes: changes.slice(0, SHOWN).map(toLine),
      count: changes.length,
      lost: lost.slice(0, SHOWN),
      left: left.slice(0, SHOWN).map(({ path, pathNow, reason }) => ({ path: pathNow ?? path ?? "", reason })),
    };
  }

  /** Nobody waits for what is being looked up any more. */
  cancel(): void {
    this.#looking?.abort();
    this.#looking = undefined;
  }

  /** Does what was shown. Throws RewindOutdatedError, RewindIncompleteError. */
  async run(number: number, withoutLost: boolean): Promise<void> {
    if (this.#shown?.number !== number) throw new NotFoundError();
    const { preview } = this.#shown;
    this.#done.set(number, await (await this.#files()).rewind(preview, { withoutLost }));
  }

  /** Throws RewindOutdatedError when something in the folder was changed since. */
  async undo(number: number): Promise<void> {
    const rewound = this.#done.get(number);
    if (rewound === undefined) throw new NotFoundError();
    await (await this.#files()).undoRewind(rewound);
    this.#done.delete(number);
  }

  async #files(): Promise<Files> {
    return (await this.#accounts.account.drive()).files;
  }
}

function toLine({ path, pathNow, type }: RewindChange): RewindLine {
  if (path === null) return { does: "trash", type, path: pathNow ?? "" };
  if (pathNow === null) return { does: "comeBack", type, path };
  if (pathNow === path) return { does: "content", type, path };
  return { does: "place", type, path: pathNow, to: path };
}
