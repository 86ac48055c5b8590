import { fromBase64Url, toHex } from "@excalibur/core/bytes";
import type { Downloader } from "../download/index.ts";
import type { Files } from "../files/index.ts";
import { ApiError } from "../transport/errors.ts";
import type { Volume } from "../volumes/index.ts";
import { readContents } from "./contents.ts";
import type { MendContext } from "./mend.ts";
import { type Planned, planOf } from "./plan.ts";
import { survey } from "./survey.ts";
import type { Finding, Mended } from "./types.ts";

/** So often a commit is tried again without what the server has no longer. */
const MISSING_ATTEMPTS = 50;

type Options = { readonly signal?: AbortSignal | undefined };

export interface RepairOptions {
  readonly volume: Volume;
  readonly files: Files;
  readonly downloads: Downloader;
  readonly subjectId: Uint8Array;
  readonly nowMs: () => number;
}

export interface ExamineOptions extends Options {
  /** Only what lies there: "/photos", or "(trash)". Everything unless told. */
  readonly path?: string | undefined;
  /** Reads every file, too. */
  readonly contents?: boolean;
}

/** What was found at one moment; `mend` takes it. */
export interface Examination {
  readonly findings: readonly Finding[];
  readonly folders: number;
}

/** Looks for what is not as it should be in a drive, and mends it by ordinary commits that everybody can follow. */
export class Repair {
  readonly #options: RepairOptions;
  readonly #plans = new WeakMap<Finding, Planned>();

  constructor(options: RepairOptions) {
    this.#options = options;
  }

  /** Changes nothing. */
  async examine({ path, contents = false, signal }: ExamineOptions = {}): Promise<Examination> {
    const { volume, files, downloads } = this.#options;
    await volume.catchUp({ ...(signal && { signal }) });
    const seen = await survey(volume, { signal });
    const planned = planOf(seen);
    if (contents) planned.push(...(await readContents({ files, downloads, signal })));
    const wanted = planned.filter(({ finding }) => path === undefined || isIn(finding.path, path));
    for (const each of wanted) this.#plans.set(each.finding, each);
    return { findings: wanted.map(({ finding }) => finding), folders: seen.folders.size };
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
        if (finding.remedy === "none") continue;
        mended.push(result.status === "fulfilled" ? { finding } : { finding, error: result.reason });
      }
    }
    return mended;
  }

  async #mendOne(finding: Finding, signal: AbortSignal | undefined): Promise<void> {
    const { volume, subjectId, files, nowMs } = this.#options;
    const missing = new Set<string>();
    const context: MendContext = { rootId: files.rootId, addedBy: subjectId, nowMs: nowMs(), missing };
    for (let left = MISSING_ATTEMPTS; ; left--) {
      const mend = this.#plans.get(finding)?.mend;
      if (mend === undefined) return;
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

function isIn(path: string, folder: string): boolean {
  return folder === "/" || path === folder || path.startsWith(`${folder}/`);
}
