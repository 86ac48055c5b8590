import { type CborValue, toBase64Url } from "@excalibur/core/bytes";
import { STARS_AT_MOST, StarsFullError } from "./errors.ts";

type Options = { readonly signal?: AbortSignal };
type Values = ReadonlyMap<string, CborValue>;

/** What of the keyring is a person's own choices, as every device of theirs has it. */
export interface Settings {
  read(): Values;
  /** The change may run again on what another device wrote meanwhile. */
  update(change: (settings: Values) => Values, options?: Options): Promise<void>;
}

export interface StarsOptions {
  readonly volumeId: Uint8Array;
  readonly settings: Settings;
  /** Which of these items no folder lists any more, as far as that is known for sure. */
  readonly gone: (ids: readonly string[], options: Options) => Promise<readonly string[]>;
}

const PREFIX = "starred/";

/**
 * One entry of the settings for each star, so that two devices that star different items at once have both. It names the
 * item by its id, which survives renaming and moving; its value says nothing, so that two devices never disagree about it.
 */
export class Stars {
  readonly #prefix: string;
  readonly #settings: Settings;
  readonly #gone: StarsOptions["gone"];

  constructor({ volumeId, settings, gone }: StarsOptions) {
    this.#prefix = `${PREFIX}${toBase64Url(volumeId)}/`;
    this.#settings = settings;
    this.#gone = gone;
  }

  /** childIds, base64url. Some may be in the trash, or deleted. */
  ids(): string[] {
    return this.#idsIn(this.#settings.read());
  }

  /** Throws StarsFullError; stars of what is deleted make room first. NetworkError, since it is for all devices. */
  async add(ids: readonly string[], options: Options = {}): Promise<void> {
    const isFull = countIn(this.#settings.read()) + ids.length > STARS_AT_MOST;
    const gone = isFull ? await this.#gone(this.ids(), options) : [];
    await this.#settings.update((before) => {
      const after = new Map(before);
      for (const id of gone) after.delete(this.#prefix + id);
      for (const id of ids) after.set(this.#prefix + id, true);
      if (after.size === before.size && ids.every((id) => before.has(this.#prefix + id))) return before;
      if (countIn(after) > STARS_AT_MOST) throw new StarsFullError();
      return after;
    }, options);
  }

  async remove(ids: readonly string[], options: Options = {}): Promise<void> {
    await this.#settings.update((before) => {
      const after = new Map(before);
      for (const id of ids) after.delete(this.#prefix + id);
      return after.size === before.size ? before : after;
    }, options);
  }

  #idsIn(settings: Values): string[] {
    const keys = [...settings.keys()].filter((key) => key.startsWith(this.#prefix));
    return keys.map((key) => key.slice(this.#prefix.length));
  }
}

function countIn(settings: Values): number {
  return [...settings.keys()].filter((key) => key.startsWith(PREFIX)).length;
}
