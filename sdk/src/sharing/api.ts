/** The only file of this room that speaks to the server. */

import { fromBase64Url, toBase64Url } from "@excalibur/core/bytes";
import {
  acceptVolume,
  createVolume,
  leaveVolume,
  listMembers,
  listVolumes,
  lookUpPerson,
  type NewVolume,
  type UserName,
  type VolumeId,
} from "@excalibur/core/protocol";
import { ApiError, type Transport } from "../transport/index.ts";

type Options = { readonly signal?: AbortSignal | undefined };

function abortable({ signal }: Options): { signal?: AbortSignal } {
  return signal === undefined ? {} : { signal };
}

export interface FoundPerson {
  readonly userId: Uint8Array;
  /** Unverified identity records, first to newest. */
  readonly records: readonly Uint8Array[];
}

export interface ListedVolume {
  readonly volumeId: Uint8Array;
  readonly pending: boolean;
  readonly accepted: boolean;
}

/** What the server says of who has answered. */
export interface Answer {
  readonly userId: Uint8Array;
  readonly acceptedMs: number | null;
  readonly leftMs: number | null;
}

export class SharingApi {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** undefined: nobody has that name. */
  async lookUp(name: UserName, options: Options): Promise<FoundPerson | undefined> {
    try {
      const { userId, records } = await this.#transport.call(lookUpPerson, { params: { name }, ...abortable(options) });
      return { userId: fromBase64Url(userId), records: records.map(fromBase64Url) };
    } catch (error) {
      if (isNotFound(error)) return undefined;
      throw error;
    }
  }

  async create(volume: NewVolume, options: Options): Promise<void> {
    await this.#transport.call(createVolume, { body: { volume }, ...abortable(options) });
  }

  async volumes(options: Options): Promise<ListedVolume[]> {
    const { volumes } = await this.#transport.call(listVolumes, abortable(options));
    return volumes.map(({ volumeId, pending, accepted }) => ({ volumeId: fromBase64Url(volumeId), pending, accepted }));
  }

  async answers(volumeId: Uint8Array, options: Options): Promise<Answer[]> {
    const params = { volumeId: toBase64Url(volumeId) as VolumeId };
    const { members } = await this.#transport.call(listMembers, { params, ...abortable(options) });
    return members.map(({ userId, ...rest }) => ({ userId: fromBase64Url(userId), ...rest }));
  }

  async accept(volumeId: Uint8Array, options: Options): Promise<void> {
    const params = { volumeId: toBase64Url(volumeId) as VolumeId };
    await this.#transport.call(acceptVolume, { params, ...abortable(options) });
  }

  /** False: this person was not in it any more. */
  async leave(volumeId: Uint8Array, options: Options): Promise<boolean> {
    const params = { volumeId: toBase64Url(volumeId) as VolumeId };
    try {
      await this.#transport.call(leaveVolume, { params, ...abortable(options) });
      return true;
    } catch (error) {
      if (isNotFound(error)) return false;
      throw error;
    }
  }
}

function isNotFound(error: unknown): boolean {
  return error instanceof ApiError && error.code === "not_found";
}
