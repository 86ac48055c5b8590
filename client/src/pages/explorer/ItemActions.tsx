import { IonToast } from "@ionic/react";
import { useEffect, useState } from "react";
import { useSession } from "../../Contexts.tsx";
import { Menu, type MenuAction } from "../../components/controls/Menu.tsx";
import { NameDialog } from "../../components/controls/NameDialog.tsx";
import type { FileItem } from "../../lib/session/index.ts";
import { useText } from "../../lib/text/index.ts";
import type { Asked } from "./types.ts";

const TOAST_MS = 4_000;

export interface ItemActionsProps {
  readonly asked: Asked | undefined;
  readonly folderId: string;
  readonly onAsk: (asked: Asked | undefined) => void;
  readonly onOpen: (item: FileItem) => void;
}

/** Menus and dialogs of the explorer, and what they do. */
export function ItemActions({ asked, folderId, onAsk, onOpen }: ItemActionsProps) {
  const text = useText();
  const session = useSession();
  const [trashed, setTrashed] = useState<string>();
  const { folders } = session.engine;
  const done = (): void => onAsk(undefined);

  useEffect(() => {
    if (asked?.what !== "trash") return;
    const { item } = asked;
    onAsk(undefined);
    session.engine.folders.trash([refOf(item)]).then(
      () => setTrashed(item.name),
      (error: unknown) => session.report(error),
    );
  }, [asked, onAsk, session]);

  const actionsOf = (item: FileItem): MenuAction[] => [
    item.type === "folder"
      ? { label: text("files.open"), icon: "folder", onChoose: () => onOpen(item) }
      : { label: text("files.download"), icon: "down", onChoose: () => onOpen(item) },
    { label: text("files.rename"), icon: "pencil", onChoose: () => onAsk({ what: "rename", item }) },
    { label: text("files.trash"), icon: "trash", onChoose: () => onAsk({ what: "trash", item }) },
  ];
  return (
    <>
      <Menu
        at={asked?.what === "menu" ? asked.at : undefined}
        label={asked?.what === "menu" ? text("files.actions", { name: asked.item.name }) : ""}
        actions={asked?.what === "menu" ? actionsOf(asked.item) : []}
        onClose={done}
      />
      {asked?.what === "new-folder" && (
        <NameDialog
          title={text("files.newFolder")}
          label={text("files.folderName")}
          submit={text("files.create")}
          name=""
          isFolder
          onClose={done}
          onName={async (name) => void (await folders.makeFolder(folderId, name))}
        />
      )}
      {asked?.what === "rename" && (
        <NameDialog
          title={text("files.rename")}
          label={text("files.newName")}
          submit={text("files.rename")}
          name={asked.item.name}
          isFolder={asked.item.type === "folder"}
          onClose={done}
          onName={(name) => folders.rename(refOf(asked.item), name)}
        />
      )}
      <IonToast
        className="notice"
        isOpen={trashed !== undefined}
        duration={TOAST_MS}
        position="bottom"
        message={text("files.trashed", { name: trashed })}
        onDidDismiss={() => setTrashed(undefined)}
      />
    </>
  );
}

function refOf({ parentId, id, name }: FileItem) {
  return { parentId, id, name };
}
