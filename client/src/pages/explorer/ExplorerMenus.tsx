import { Menu, type MenuAction } from "../../components/controls/Menu.tsx";
import { canDownload } from "../../lib/files/downloads.ts";
import type { Clipped } from "../../lib/files/item-clipboard.ts";
import type { FileItem } from "../../lib/session/index.ts";
import { useText } from "../../lib/text/index.ts";
import { canCopy, hasShared, type May, shareable } from "./may.ts";
import type { Asked } from "./types.ts";
import type { Stars } from "./use-stars.ts";

export interface ExplorerMenusProps {
  readonly asked: Asked | undefined;
  readonly targets: readonly FileItem[];
  readonly clipped: Clipped | undefined;
  readonly onAsk: (asked: Asked | undefined) => void;
  readonly onOpen: (item: FileItem) => void;
  readonly onDownload: (items: readonly FileItem[]) => void;
  readonly onTrash: (items: readonly FileItem[]) => void;
  readonly onClip: (mode: Clipped["mode"], items: readonly FileItem[]) => void;
  readonly onPaste: () => void;
  readonly onDetails: () => void;
  readonly stars: Stars;
  readonly may: May;
  /** Shows the item where it is. undefined: it is shown there already. */
  readonly onReveal?: (item: FileItem) => void;
  /** The folder that is shown; undefined: what is shown is none. */
  readonly folder?: { readonly id: string; readonly name: string } | undefined;
  readonly onUpload: () => void;
  readonly onSelectAll: () => void;
}

/** What can be done with the chosen items, and with the folder itself. */
export function ExplorerMenus(props: ExplorerMenusProps) {
  const text = useText();
  const { asked, targets, onAsk } = props;
  const [first] = targets;
  const close = (): void => onAsk(undefined);
  const label =
    targets.length === 1
      ? text("files.actions", { name: first?.name })
      : text("explorer.selectedActions", { count: targets.length });
  return (
    <>
      <Menu
        at={asked?.what === "menu" ? asked.at : undefined}
        label={label}
        actions={useItemActions(props)}
        onClose={close}
      />
      <Menu
        at={asked?.what === "blank-menu" ? asked.at : undefined}
        label={text("explorer.blankActions")}
        actions={useBlankActions(props)}
        onClose={close}
      />
    </>
  );
}

function useItemActions({
  targets,
  onAsk,
  onOpen,
  onDownload,
  onTrash,
  onClip,
  onDetails,
  onReveal,
  stars,
  may,
}: ExplorerMenusProps): MenuAction[] {
  const text = useText();
  const [first] = targets;
  if (first === undefined) return [];
  const isOne = targets.length === 1;
  const isShared = hasShared(targets);
  const isFolder = isOne && first.type === "folder";
  const shared = shareable(targets, may);
  const mayCopy = canCopy(targets);
  const place = (mode: "move" | "copy") => (): void => onAsk({ what: "place", mode, items: targets });
  const actions: (MenuAction | false)[] = [
    isOne && first.type === "folder" && { label: text("files.open"), icon: "folder", onChoose: () => onOpen(first) },
    isOne && first.type === "file" && { label: text("viewer.open"), icon: "eye", onChoose: () => onOpen(first) },
    isOne && onReveal !== undefined && { label: text("found.reveal"), icon: "folder", onChoose: () => onReveal(first) },
    canDownload(targets) && {
      label: text("files.download"),
      icon: "down",
      onChoose: () => onDownload(targets),
    },
    shared !== undefined && {
      label: text(isShared ? "sharing.people" : "sharing.share"),
      icon: "people",
      onChoose: () => onAsk({ what: "share", item: shared }),
    },
    isOne &&
      may.change && {
        label: text("files.rename"),
        icon: "pencil",
        onChoose: () => onAsk({ what: "rename", item: first }),
      },
    may.change && { label: text("explorer.moveTo"), icon: "move", onChoose: place("move") },
    mayCopy && { label: text("explorer.copyTo"), icon: "copy", onChoose: place("copy") },
    may.change && { label: text("explorer.cut"), icon: "cut", onChoose: () => onClip("move", targets) },
    mayCopy && { label: text("explorer.copy"), icon: "copy", onChoose: () => onClip("copy", targets) },
    stars.areAll(targets)
      ? { label: text("found.unstar"), icon: "star", onChoose: () => stars.toggle(targets) }
      : { label: text("found.star"), icon: "star", onChoose: () => stars.toggle(targets) },
    isFolder &&
      may.change &&
      !isShared && {
        label: text("rewind.menu"),
        icon: "restore",
        onChoose: () => onAsk({ what: "rewind", folder: first }),
      },
    { label: text("explorer.details.label"), icon: "info", onChoose: onDetails },
    isOne &&
      isShared && {
        label: text("sharing.leave"),
        icon: "leave",
        onChoose: () => onAsk({ what: "leave", item: first }),
      },
    may.change && !isShared && { label: text("files.trash"), icon: "trash", onChoose: () => onTrash(targets) },
  ];
  return actions.filter((action) => action !== false);
}

function useBlankActions(props: ExplorerMenusProps): MenuAction[] {
  const { clipped, folder, may, onAsk, onPaste, onUpload, onSelectAll } = props;
  const text = useText();
  const actions: (MenuAction | false)[] = [
    may.change && { label: text("files.newFolder"), icon: "folder", onChoose: () => onAsk({ what: "new-folder" }) },
    may.change && { label: text("files.uploadFiles"), icon: "up", onChoose: onUpload },
    may.change &&
      clipped !== undefined && {
        label: text(clipped.mode === "move" ? "explorer.pasteMove" : "explorer.pasteCopy"),
        icon: "paste",
        onChoose: onPaste,
      },
    { label: text("explorer.selectAll"), icon: "check", onChoose: onSelectAll },
    may.change &&
      folder !== undefined && {
        label: text("rewind.menu"),
        icon: "restore",
        onChoose: () => onAsk({ what: "rewind", folder }),
      },
  ];
  return actions.filter((action) => action !== false);
}
