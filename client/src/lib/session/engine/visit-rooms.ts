/** Fetched when somebody visits a link: whoever has a drive needs nothing of it. */

import { ReadOnlyError, type Visit, type VisitOptions, visitLink } from "@excalibur/sdk";
import { InProcessSealer } from "@excalibur/sdk/sealer";
import { fetchHttp } from "../../network/index.ts";
import { systemClock } from "./clock.ts";
import type { Rooms } from "./rooms.ts";

export interface OpenVisit {
  readonly visit: Visit;
  readonly rooms: Rooms;
}

export async function openVisit(options: VisitOptions): Promise<OpenVisit> {
  const logger = { debug: () => undefined, warn: () => undefined };
  const visit = await visitLink(
    { http: fetchHttp, sealer: new InProcessSealer(), clock: systemClock, logger },
    options,
  );
  const { files, downloads, uploads } = visit;
  return {
    visit,
    rooms: {
      ...{ files, downloads, notes: new ForgottenNotes(), owner: visit },
      get uploads() {
        if (uploads === undefined) throw new ReadOnlyError();
        return uploads;
      },
      roleAt: async () => visit.role,
    },
  };
}

type Notes = Rooms["notes"];

/** Nothing of a visit stays on this device. */
class ForgottenNotes implements Notes {
  readonly #notes = new Map<string, Uint8Array>();

  async get(name: string): Promise<Uint8Array | undefined> {
    return this.#notes.get(name);
  }

  async put(name: string, note: Uint8Array): Promise<void> {
    this.#notes.set(name, note);
  }

  async delete(names: readonly string[]): Promise<void> {
    for (const name of names) this.#notes.delete(name);
  }
}
