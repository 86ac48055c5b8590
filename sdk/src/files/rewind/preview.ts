import type { PastVolume, SignedMoment, Volume, VolumeHistory } from "../../volumes/index.ts";
import { MomentGoneError } from "../errors.ts";
import { type Landmarks, Lineage } from "./lineage.ts";
import { type Planned, planRewind } from "./plan.ts";
import type { RewindPreview } from "./types.ts";

/** Of pages replaced longer ago than a day the server keeps what stood every ten minutes, by its own clock. */
const THINNED_TO_MS = 10 * 60_000;
/** So many moments before the one asked for are tried when a page of it is not kept. */
const MAX_TRIES = 50;
const TRIES_BEFORE_JUMP = 12;

export interface PreviewOptions {
  readonly timeMs: number;
  readonly onFolder?: () => void;
  readonly signal?: AbortSignal;
}

interface Tried {
  readonly moment: SignedMoment;
  readonly then: PastVolume;
  readonly planned: Planned;
}

export async function previewRewind(
  volume: Volume,
  marks: Landmarks,
  { timeMs, ...options }: PreviewOptions,
): Promise<RewindPreview> {
  const history = volume.history();
  const found = await newest(history, (moment) => moment.timeMs <= timeMs, options.signal);
  if (found === undefined) throw new MomentGoneError();
  const attempt = async (moment: SignedMoment): Promise<Tried | undefined> => {
    const then = await history.at(moment.sequence, options);
    if (!then.hasFolder(marks.folderId)) return undefined;
    const missingObjects = (ids: readonly Uint8Array[]) => volume.missingObjects(ids, options);
    return {
      moment,
      then,
      planned: await planRewind({ ...marks, ...options, now: history.now, then, missingObjects }),
    };
  };
  const asked = await attempt(found.moment);
  if (asked === undefined) throw new MomentGoneError();
  const { moment, planned } = (await findKept(history, asked, { attempt, signal: options.signal })) ?? asked;
  const path = await pathOf(history, marks);
  const { changes, lost, left } = planned;
  const { sequence } = moment;
  return { folderId: marks.folderId, path, sequence, timeMs: moment.timeMs, changes, lost, left };
}

interface Search {
  /** undefined: the folder was not there. */
  readonly attempt: (moment: SignedMoment) => Promise<Tried | undefined>;
  readonly signal: AbortSignal | undefined;
}

/**
 * The newest moment, at most two stretches of thinning before the one asked for, of which every page is kept: ever before
 * the commit that brought a page which is missing, and when that goes on for long, where the stretch began.
 */
async function findKept(history: VolumeHistory, asked: Tried, { attempt, signal }: Search): Promise<Tried | undefined> {
  const earliestMs = asked.moment.timeMs - 2 * THINNED_TO_MS;
  const stretchMs = Math.floor(asked.moment.timeMs / THINNED_TO_MS) * THINNED_TO_MS;
  let tried = asked;
  for (let tries = 1; tries <= MAX_TRIES; tries++) {
    const { missingPages } = tried.planned;
    if (missingPages.length === 0) return tried;
    const brought = missingPages.map((page) => tried.then.introducedBy(page));
    // A current page that is missing is missing at every moment.
    if (brought.includes(undefined)) return undefined;
    const before = Math.min(...(brought as number[]));
    const jump = tries === TRIES_BEFORE_JUMP;
    const isEarlier = ({ sequence, timeMs }: SignedMoment) => sequence < before && (!jump || timeMs < stretchMs);
    const found = await newest(history, isEarlier, signal);
    if (found === undefined || found.stoodUntilMs < earliestMs) return undefined;
    const next = await attempt(found.moment);
    if (next === undefined) return undefined;
    tried = next;
  }
  return undefined;
}

interface Found {
  readonly moment: SignedMoment;
  /** When the next commit was signed. */
  readonly stoodUntilMs: number;
}

async function newest(
  history: VolumeHistory,
  isIt: (moment: SignedMoment) => boolean,
  signal: AbortSignal | undefined,
): Promise<Found | undefined> {
  let stoodUntilMs = Number.POSITIVE_INFINITY;
  for await (const moment of history.moments({ signal })) {
    if (isIt(moment)) return { moment, stoodUntilMs };
    stoodUntilMs = moment.timeMs;
  }
  return undefined;
}

async function pathOf({ now }: VolumeHistory, marks: Landmarks): Promise<string> {
  const { folderId, rootId, rootPath } = marks;
  const path = await new Lineage(now, marks).pathOf(folderId, rootId);
  return (path ? `${rootPath}/${path}` : rootPath) || "/";
}
