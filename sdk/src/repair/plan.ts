import { fromHex, toHex } from "@excalibur/core/bytes";
import type { Entry } from "../volumes/index.ts";
import { type Mend, mendPage, mendParent, ownCopy, recoverFolder, unlist } from "./mend.ts";
import { type Shape, type ShapeFolder, type ShapeLine, shapeOf } from "./shape.ts";
import type { DamagedPage, Survey, SurveyedFolder } from "./survey.ts";
import type { Finding } from "./types.ts";

/** A finding, and how it is mended; without `mend` it is only told. */
export interface Planned {
  readonly finding: Finding;
  readonly mend?: Mend;
}

/** What leads on into another volume, and where it stands, for people. */
export interface SeenMount {
  readonly path: string;
  readonly parentId: Uint8Array;
  readonly entry: Entry;
}

export interface Plan {
  /** Everything that is not as it should be, pages first: the others are mended on what these have become. */
  readonly planned: readonly Planned[];
  readonly mounts: readonly SeenMount[];
}

export function planOf(survey: Survey): Plan {
  const planner = new Planner(survey);
  return { planned: planner.all(), mounts: planner.mounts() };
}

class Planner {
  readonly #survey: Survey;
  readonly #shape: Shape;
  readonly #rootId: Uint8Array;

  constructor(survey: Survey) {
    this.#survey = survey;
    this.#rootId = fromHex(survey.rootKey);
    this.#shape = shapeOf(toShapeFolders(survey), survey);
  }

  all(): Planned[] {
    const { folders, doubles } = this.#survey;
    const { gone, surplus, wrongParent, tops } = this.#shape;
    return [
      ...[...folders].flatMap(([key, folder]) => folder.damaged.map((page) => this.#page(key, folder, page))),
      ...gone.map((line) => this.#line(line, "folder_gone")),
      ...surplus.map((line) => this.#line(line, "listed_twice")),
      ...doubles.map(({ folderKey, entry }) => ({
        finding: { kind: "listed_twice", path: this.#pathIn(folderKey, entry.name), remedy: "own_copy" } as const,
        mend: ownCopy({ parentId: fromHex(folderKey), childId: entry.childId }),
      })),
      ...wrongParent.map((key) => this.#wrongParent(key)),
      ...tops.map((top) => this.#top(top)),
      ...[...folders].flatMap(([key, { newer }]) =>
        newer.map((name) => ({
          finding: { kind: "newer_version", path: this.#pathIn(key, name), remedy: "none" } as const,
        })),
      ),
    ];
  }

  mounts(): SeenMount[] {
    return [...this.#survey.folders].flatMap(([key, { nodeId, mounts }]) =>
      mounts.map((entry) => ({ path: this.#pathIn(key, entry.name), parentId: nodeId, entry })),
    );
  }

  #page(key: string, folder: SurveyedFolder, page: DamagedPage): Planned {
    const path = this.#pathOf(key) || "/";
    const { cause, held, earlier } = page;
    if (held !== undefined) {
      const finding = { kind: "page_altered", path, remedy: "rewrite", cause, entries: held.length } as const;
      return { finding, mend: mendPage(page, undefined) };
    }
    const kind = "page_unreadable";
    if (earlier !== undefined) {
      const finding = { kind, path, remedy: "earlier_page", cause, entries: earlier.entries.length } as const;
      return { finding, mend: mendPage(page, { ...earlier, folder: this.#header(key, folder, earlier.folder) }) };
    }
    // The root's own page names the trash: without it there is nothing to begin with.
    if (key === this.#survey.rootKey && page.bits === 0) return { finding: { kind, path, remedy: "none", cause } };
    const header = this.#header(key, folder, { parentNodeId: this.#rootId, attributes: {} });
    return {
      finding: { kind, path, remedy: "empty_page", cause, entries: 0 },
      mend: mendPage(page, { entries: [], folder: header }),
    };
  }

  /** The folder is where it belongs now, whatever an earlier version of its page said. */
  #header(
    key: string,
    { parentId }: SurveyedFolder,
    said: { parentNodeId: Uint8Array | null; attributes: object } | undefined,
  ) {
    if (said === undefined || key === this.#survey.rootKey) return said;
    const owner = this.#shape.ownerOf.get(key);
    const parentNodeId = owner === undefined ? (parentId ?? said.parentNodeId) : fromHex(owner);
    return { ...said, parentNodeId };
  }

  #line({ folderKey, childKey }: ShapeLine, kind: "folder_gone" | "listed_twice"): Planned {
    const name = this.#entry(folderKey, childKey)?.name ?? shortName(childKey);
    return {
      finding: { kind, path: this.#pathIn(folderKey, name), remedy: "unlist" },
      mend: unlist({ parentId: fromHex(folderKey), childId: fromHex(childKey) }),
    };
  }

  #wrongParent(key: string): Planned {
    const owner = this.#shape.ownerOf.get(key) as string;
    return {
      finding: { kind: "wrong_parent", path: this.#pathOf(key), remedy: "set_parent" },
      mend: mendParent(fromHex(key), fromHex(owner)),
    };
  }

  #top({ key, ringLine }: Shape["tops"][number]): Planned {
    const known = ringLine && this.#entry(ringLine.folderKey, key);
    return {
      finding: { kind: "unreachable", path: this.#pathOf(key), remedy: "recover" },
      mend: recoverFolder(fromHex(key), {
        name: known?.name ?? shortName(key),
        rootId: this.#rootId,
        ringFolderId: ringLine && fromHex(ringLine.folderKey),
      }),
    };
  }

  #entry(folderKey: string, childKey: string): Entry | undefined {
    return this.#survey.folders.get(folderKey)?.folders.find(({ childId }) => toHex(childId) === childKey);
  }

  #pathIn(folderKey: string, name: string): string {
    return `${this.#pathOf(folderKey)}/${name}`;
  }

  /** "" for the root. */
  #pathOf(key: string): string {
    const { rootKey, trashKey } = this.#survey;
    const names: string[] = [];
    for (let at = key; ; ) {
      const below = names
        .reverse()
        .map((name) => `/${name}`)
        .join("");
      names.reverse();
      if (at === rootKey) return below;
      if (at === trashKey) return `(trash)${below}`;
      const owner = this.#shape.ownerOf.get(at);
      if (owner === undefined) return `(unreachable)/${shortName(at)}${below}`;
      names.push(this.#entry(owner, at)?.name ?? shortName(at));
      at = owner;
    }
  }
}

/** Of a folder whose name nobody can tell. */
function shortName(key: string): string {
  return `folder ${key.slice(0, 8)}`;
}

function toShapeFolders({ folders }: Survey): Map<string, ShapeFolder> {
  const shape = new Map<string, ShapeFolder>();
  for (const [key, { parentId, folders: listed }] of folders) {
    const parentKey = parentId && toHex(parentId);
    shape.set(key, { key, parentKey, listed: listed.map(({ childId }) => toHex(childId)) });
  }
  return shape;
}
