import { fromBase64Url, toHex } from "@excalibur/core/bytes";
import type { Downloader } from "../download/index.ts";
import { type MountedVolumes, MountNotAcceptedError } from "../mounts/index.ts";
import { ApiError } from "../transport/errors.ts";
import { isViolation } from "../violations/index.ts";
import { type Volume, VolumeMissingError } from "../volumes/index.ts";
import { readContents } from "./contents.ts";
import type { Mend, MendContext } from "./mend.ts";
import { type Planned, planOf, type SeenMount } from "./plan.ts";
import { survey } from "./survey.ts";
import type { Finding, Mended } from "./types.ts";

/** So often a commit is tried again without what the server has no longer. */
const MISSING_ATTEMPTS = 50;

type Options = { readonly signal?: AbortSignal | undefined };

export interface RepairOptions {
  readonly volumes: MountedVolumes;
  readonly downloads: Downloader;
  readonly subjectId: Uint8Array;
  readonly nowMs: () => number;
}

export interface ExamineOptions extends Options {
  /** Only what lies there: "/photos", or "(trash)". Everything unless told, what is mounted as well. */
  readonly path?: string | undefined;
  /** Reads every file, too. */
  readonly contents?: boolean;
}

/** What was found at one moment; `mend` takes it. */
export interface Examination {
  readonly findings: readonly Finding[];
  readonly folders: number;
}

/** A volume of the drive. */
interface Part {
  readonly volume: Volume;
  /** Where it is mounted; "": it is the home volume. */
  readonly at: string;
}

/** Looks for what is not as it should be in a drive, and mends it by ordinary commits that everybody can follow. */
export class Repair {
  readonly #options: RepairOptions;
  readonly #mends = new WeakMap<Finding, { readonly volume: Volume; readonly mend: Mend }>();

  constructor(options: RepairOptions) {
    this.#options = options;
  }

  /** Changes nothing. */
  async examine({ path, contents = false, signal }: ExamineOptions = {}): Promise<Examination> {
    const { volumes, downloads } = this.#options;
    const { home } = volumes;
    await home.catchUp({ ...(signal && { signal }) });
    const parts: Part[] = [{ volume: home, at: "" }];
    const findings: Finding[] = [];
    let folders = 0;
    // It grows while it is walked through: what is mounted in one is looked at after it.
    for (const part of parts) {
      const { volume } = part;
      const seen = await survey(volume, { signal });
      folders += seen.folders.size;
      const { planned, mounts } = planOf(seen);
      const all = contents ? [...planned, ...(await readContents({ volume, downloads, signal }))] : planned;
      for (const each of all) {
        const finding = this.#told(part, each);
        if (path === undefined || isIn(finding.path, path)) findings.push(finding);
      }
      for (const mount of mounts) {
        const at = pathIn(part, mount.path);
        if (path !== undefined && !isIn(at, path) && !isIn(path, at)) continue;
        const next = await this.#enter(part, mount, signal);
        if ("kind" in next) findings.push(next);
        else if (!parts.some((each) => each.volume === next.volume)) parts.push(next);
      }
    }
    return { findings, folders };
  }

  /** One answer for each finding that has a remedy, in order. A failure of one never stops the others. */
  async mend(findings: readonly Finding[], { signal }: Options = {}): Promise<Mended[]> {
    const mended: Mended[] = [];
    const isPage = ({ kind }: Finding) => kind === "page_altered" || kind === "page_unreadable";
    // What is not on pages any more is mended on what the pages have become.
    for (const group of [findings.filter(isPage), findings.filter((each) => !isPage(each))]) {
      const results = await Promise.allSettled(group.map((finding) => this.#mendOne(finding, signal)));
      for (const [index, result] of results.entries()) {
        const finding = group[index] as Finding;
        if (!isMendable(finding)) continue;
        mended.push(result.status === "fulfilled" ? { finding } : { finding, error: result.reason });
      }
    }
    return mended;
  }

  /** What was found in a part of the drive, as it stands in the drive. */
  #told(part: Part, { finding, mend }: Planned): Finding {
    const { volume } = part;
    const told = { ...finding, path: pathIn(part, finding.path) };
    if (mend === undefined) return told;
    if (volume.members().role === "viewer") {
      // What would come back is for those who may see what was there before.
      const { entries: _, ...rest } = told;
      return { ...rest, remedy: "ask_others" };
    }
    this.#mends.set(told, { volume, mend });
    return told;
  }

  /** The volume that is mounted there, at its newest, or what is the matter with it. Throws what says nothing about it: NetworkError and the like. */
  async #enter(
    part: Part,
    { path, parentId, entry }: SeenMount,
    signal: AbortSignal | undefined,
  ): Promise<Part | Finding> {
    const { volumes } = this.#options;
    const at = pathIn(part, path);
    volumes.note(part.volume, parentId, [entry]);
    try {
      const { volume } = await volumes.place(entry.childId);
      await volume.catchUp({ ...(signal && { signal }) });
      return { volume, at };
    } catch (cause) {
      signal?.throwIfAborted();
      if (cause instanceof VolumeMissingError || cause instanceof MountNotAcceptedError)
        return { kind: "share_closed", path: at, remedy: "none", cause };
      if (isViolation(cause)) return { kind: "share_unreadable", path: at, remedy: "none", cause };
      throw cause;
    }
  }

  async #mendOne(finding: Finding, signal: AbortSignal | undefined): Promise<void> {
    const { subjectId, nowMs } = this.#options;
    const known = this.#mends.get(finding);
    if (known === undefined) return;
    const { volume, mend } = known;
    const missing = new Set<string>();
    const context: MendContext = { rootId: volume.volumeId, addedBy: subjectId, nowMs: nowMs(), missing };
    for (let left = MISSING_ATTEMPTS; ; left--) {
      try {
        await volume.change((editor) => mend(editor, context), signal ? { signal } : {});
        return;
      } catch (error) {
        // An object that only an earlier version of the page listed may be gone for good: the rest comes back without it.
        const ids = error instanceof ApiError && error.code === "object_missing" ? (error.facts.ids ?? []) : [];
        if (ids.length === 0 || left === 0) throw error;
        for (const id of ids) missing.add(toHex(fromBase64Url(id)));
      }
    }
  }
}

/** Whether a repair changes something. */
export function isMendable({ remedy }: Finding): boolean {
  return remedy !== "none" && remedy !== "ask_others";
}

function pathIn({ at }: Part, path: string): string {
  if (at === "") return path;
  if (path === "/") return at;
  return path.startsWith("/") ? `${at}${path}` : `${at}/${path}`;
}

function isIn(path: string, folder: string): boolean {
  return folder === "/" || path === folder || path.startsWith(`${folder}/`);
}
