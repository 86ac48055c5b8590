import { type CborValue, toBase64Url } from "@excalibur/core/bytes";
import { STARS_AT_MOST, StarsFullError } from "./errors.ts";

type Options = { readonly signal?: AbortSignal };
type AddOptions = Options & { readonly volumeId?: Uint8Array };
type Values = ReadonlyMap<string, CborValue>;

/** What of the keyring is a person's own choices, as every device of theirs has it. */
export interface Settings {
  read(): Values;
  /** The change may run again on what another device wrote meanwhile. */
  update(change: (settings: Values) => Values, options?: Options): Promise<void>;
}

/** An item that has one: its childId, and the volume that lists it, both base64url. */
export interface Star {
  readonly volumeId: string;
  readonly id: string;
}

export interface StarsOptions {
  /** Of the home volume. */
  readonly volumeId: Uint8Array;
  readonly settings: Settings;
  /** Which of these items no folder lists any more, as far as that is known for sure. */
  readonly gone: (stars: readonly Star[], options: Options) => Promise<readonly Star[]>;
}

const PREFIX = "starred/";

/**
 * One entry of the settings for each star, so that two devices that star different items at once have both. It names the
 * item by its id, which survives renaming and moving; its value says nothing, so that two devices never disagree about it.
 */
export class Stars {
  readonly #homeId: string;
  readonly #settings: Settings;
  readonly #gone: StarsOptions["gone"];
  /** Of these values, so that asking for each of many items costs nothing. */
  #known: { readonly values: Values; readonly ids: ReadonlySet<string> } | undefined;

  constructor({ volumeId, settings, gone }: StarsOptions) {
    this.#homeId = toBase64Url(volumeId);
    this.#settings = settings;
    this.#gone = gone;
  }

  /** childIds, base64url, of items in any volume. Some may be in the trash, or deleted. */
  ids(): string[] {
    return starsIn(this.#settings.read()).map(({ id }) => id);
  }

  /**
   * Items of one volume, of the home volume unless told. Throws StarsFullError; stars of what is deleted make room first.
   * NetworkError, since it is for all devices.
   */
  async add(ids: readonly string[], { volumeId, ...options }: AddOptions = {}): Promise<void> {
    const stars = ids.map((id) => ({ volumeId: volumeId ? toBase64Url(volumeId) : this.#homeId, id }));
    const there = starsIn(this.#settings.read());
    const gone = there.length + stars.length > STARS_AT_MOST ? await this.#gone(there, options) : [];
    await this.#settings.update((before) => {
      const after = new Map(before);
      for (const star of gone) after.delete(keyOf(star));
      for (const star of stars) after.set(keyOf(star), true);
      if (after.size === before.size && stars.every((star) => before.has(keyOf(star)))) return before;
      if (starsIn(after).length > STARS_AT_MOST) throw new StarsFullError();
      return after;
    }, options);
  }

  /** Whether an item has one, in whichever volume: by its childId. */
  has(childId: Uint8Array): boolean {
    const values = this.#settings.read();
    if (this.#known?.values !== values) this.#known = { values, ids: new Set(starsIn(values).map(({ id }) => id)) };
    return this.#known.ids.size > 0 && this.#known.ids.has(toBase64Url(childId));
  }

  /** What had one has another id now, in another volume perhaps; nothing where none had one. NetworkError, since it is for all devices. */
  async replace(renewed: readonly { readonly from: Star; readonly to: Star }[], options: Options = {}): Promise<void> {
    if (renewed.length === 0) return;
    await this.#settings.update((before) => {
      const after = new Map(before);
      for (const { from, to } of renewed) if (after.delete(keyOf(from))) after.set(keyOf(to), true);
      return after;
    }, options);
  }

  /** In whichever volume. */
  async remove(ids: readonly string[], options: Options = {}): Promise<void> {
    const wanted = new Set(ids);
    await this.#settings.update((before) => {
      const after = new Map(before);
      for (const star of starsIn(before)) if (wanted.has(star.id)) after.delete(keyOf(star));
      return after.size === before.size ? before : after;
    }, options);
  }
}

function keyOf({ volumeId, id }: Star): string {
  return `${PREFIX}${volumeId}/${id}`;
}

function starsIn(settings: Values): Star[] {
  const keys = [...settings.keys()].filter((key) => key.startsWith(PREFIX));
  return keys.map((key) => {
    const [volumeId = "", id = ""] = key.slice(PREFIX.length).split("/");
    return { volumeId, id };
  });
}
