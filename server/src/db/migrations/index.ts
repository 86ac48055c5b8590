import type { Kysely, RawBuilder } from "kysely";
import { up as initial } from "./001-initial.ts";
import { up as jobs } from "./002-jobs.ts";
import { up as seeing } from "./003-seeing.ts";
import { up as sharing } from "./004-sharing.ts";
import { up as pastIdentities } from "./005-past-identities.ts";
import { up as requests } from "./006-requests.ts";
import { up as links } from "./007-links.ts";
import { up as claims } from "./008-claims.ts";
import { up as endedLinks } from "./009-ended-links.ts";

export interface ColumnTypes {
  readonly bytes: RawBuilder<unknown>;
  readonly integer: RawBuilder<unknown>;
  readonly text: RawBuilder<unknown>;
}

export interface Migration {
  readonly number: number;
  readonly name: string;
  readonly up: (db: Kysely<unknown>, types: ColumnTypes, dialect: "sqlite" | "postgres") => Promise<void>;
}

/** In order, without gaps, forward only. A released one never changes. */
export const MIGRATIONS: readonly Migration[] = [
  { number: 1, name: "initial", up: initial },
  { number: 2, name: "jobs", up: jobs },
  { number: 3, name: "seeing", up: seeing },
  { number: 4, name: "sharing", up: sharing },
  { number: 5, name: "past-identities", up: pastIdentities },
  { number: 6, name: "requests", up: requests },
  { number: 7, name: "links", up: links },
  { number: 8, name: "claims", up: claims },
  { number: 9, name: "ended-links", up: endedLinks },
];
