import { endingOf } from "../../lib/files/sort-items.ts";
import type { Sort } from "../../lib/preferences/index.ts";
import type { FileItem } from "../../lib/session/index.ts";
import { formatBytes, formatDate, formatDateTime, type TextKey, text } from "../../lib/text/index.ts";

/** What a list says of an item beside its name. */
export interface Column {
  readonly id: string;
  readonly label: TextKey;
  /** Choosing the column sorts by it. */
  readonly by?: Sort["by"];
  readonly isNumber?: boolean;
  /** Only where there is much room. */
  readonly isSpare?: boolean;
  /** Among the facts under the name, where there is no room for columns. */
  readonly isFact: boolean;
  cell(item: FileItem): string;
  /** More exactly, for whoever points at it. */
  title?(item: FileItem): string;
}

export const MODIFIED: Column = {
  id: "modified",
  label: "files.modifiedColumn",
  by: "modified",
  isNumber: true,
  isFact: true,
  cell: ({ modifiedMs }) => formatDate(modifiedMs),
  title: ({ modifiedMs }) => formatDateTime(modifiedMs),
};

export const SIZE: Column = {
  id: "size",
  label: "files.sizeColumn",
  by: "size",
  isNumber: true,
  isFact: true,
  cell: ({ sizeBytes }) => (sizeBytes === undefined ? "" : formatBytes(sizeBytes)),
};

export const TYPE: Column = {
  id: "type",
  label: "explorer.typeColumn",
  by: "type",
  isSpare: true,
  isFact: false,
  cell: typeText,
};

export function typeText({ type, name }: Pick<FileItem, "type" | "name">): string {
  if (type === "folder") return text("explorer.folder");
  if (type !== "file") return text("explorer.unknownType");
  const ending = endingOf(name);
  return ending.length > 0 && ending.length <= 8 ? ending.toLocaleUpperCase() : text("explorer.file");
}

const FROM: Column = {
  id: "from",
  label: "explorer.fromColumn",
  isFact: true,
  cell: ({ trashed }) =>
    trashed?.from === undefined
      ? text("explorer.fromGone")
      : `${text("nav.files")}${trashed.from === "/" ? "" : trashed.from}`,
};

const DAY_MS = 86_400_000;

/** Days until it goes by itself, which it may do later but not sooner. */
const LEFT: Column = {
  id: "deleted",
  label: "explorer.leftColumn",
  by: "modified",
  isNumber: true,
  isFact: true,
  cell: ({ trashed }) => {
    if (trashed === undefined) return "";
    const count = Math.max(0, Math.ceil((trashed.keptUntilMs - Date.now()) / DAY_MS));
    return text("explorer.daysLeft", { count });
  },
  title: ({ trashed }) => {
    return trashed === undefined ? "" : text("explorer.deletedAt", { date: formatDateTime(trashed.atMs) });
  },
};

export const TRASH_COLUMNS: readonly Column[] = [FROM, LEFT, SIZE];

export const FILE_COLUMNS: readonly Column[] = [TYPE, MODIFIED, SIZE];

const PLACE: Column = {
  id: "place",
  label: "found.placeColumn",
  isFact: true,
  cell: ({ found }) => placeText(found?.place),
  title: ({ found }) => placeText(found?.place),
};

/** "/Photos/Iceland" → "My files / Photos / Iceland" */
function placeText(place = "/"): string {
  return [text("nav.files"), ...place.split("/").filter(Boolean)].join(" / ");
}

export const FOUND_COLUMNS: readonly Column[] = [PLACE, MODIFIED, SIZE];

const { by: _unsorted, ...SIZE_ALONE } = SIZE;

/** Their order is given. */
export const RECENT_COLUMNS: readonly Column[] = [
  PLACE,
  {
    id: "modified",
    label: "found.changedColumn",
    isNumber: true,
    isFact: true,
    cell: ({ found }) => (found === undefined ? "" : formatDate(found.changedMs)),
    title: ({ found }) => (found === undefined ? "" : formatDateTime(found.changedMs)),
  },
  SIZE_ALONE,
];

const SENDER: Column = {
  id: "from",
  label: "requests.inbox.from",
  isFact: true,
  cell: ({ inbox }) => senderText(inbox?.sender),
  title: ({ inbox }) => senderText(inbox?.sender),
};

/** Nobody knows who it was, whatever they call themselves. */
export function senderText(sender: string | undefined): string {
  return sender === undefined ? text("requests.inbox.unknown") : text("requests.inbox.wrote", { name: sender });
}

const ARRIVED: Column = {
  id: "modified",
  label: "requests.inbox.arrived",
  isNumber: true,
  isSpare: true,
  isFact: true,
  cell: ({ inbox }) => (inbox === undefined ? "" : formatDate(inbox.arrivedMs)),
  title: ({ inbox }) => (inbox === undefined ? "" : formatDateTime(inbox.arrivedMs)),
};

/** `stateText`: what is known of how whole each is. */
export function inboxColumns(stateText: (item: FileItem) => string): readonly Column[] {
  const state: Column = { id: "deleted", label: "requests.inbox.state", isFact: true, cell: stateText };
  return [SENDER, state, ARRIVED, SIZE_ALONE];
}
