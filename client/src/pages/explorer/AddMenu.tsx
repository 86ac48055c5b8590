import { type ChangeEvent, type MouseEvent, type RefObject, useRef, useState } from "react";
import { Button } from "../../components/controls/Button.tsx";
import { Menu } from "../../components/controls/Menu.tsx";
import { type Picking, pickedFiles } from "../../lib/files/picked.ts";
import { useText } from "../../lib/text/index.ts";

export interface AddMenuProps {
  /** The field that chooses files: others open it as well. */
  readonly input: RefObject<HTMLInputElement | null>;
  readonly onPicked: (picking: Picking) => void;
  readonly onNewFolder: () => void;
}

/** React's types do not know it; every browser does. */
const FOLDERS = { webkitdirectory: "" };

/** Everything that puts something new into this folder. */
export function AddMenu({ input, onPicked, onNewFolder }: AddMenuProps) {
  const text = useText();
  const [at, setAt] = useState<Event>();
  const folderInput = useRef<HTMLInputElement>(null);
  const take = (event: ChangeEvent<HTMLInputElement>): void => {
    onPicked(pickedFiles([...(event.target.files ?? [])]));
    // The same file can be chosen again.
    event.target.value = "";
  };
  return (
    <>
      <input ref={input} type="file" multiple hidden aria-label={text("files.uploadFiles")} onChange={take} />
      <input
        ref={folderInput}
        type="file"
        {...FOLDERS}
        hidden
        aria-label={text("files.uploadFolder")}
        onChange={take}
      />
      <span className="add-button">
        <Button
          kind="primary"
          icon="plus"
          aria-haspopup="menu"
          onClick={(event: MouseEvent) => setAt(event.nativeEvent)}
        >
          {text("nav.new")}
        </Button>
      </span>
      <Menu
        at={at}
        label={text("nav.new")}
        actions={[
          { label: text("files.newFolder"), icon: "folder", onChoose: onNewFolder },
          { label: text("files.uploadFiles"), icon: "up", onChoose: () => input.current?.click() },
          { label: text("files.uploadFolder"), icon: "folderUp", onChoose: () => folderInput.current?.click() },
        ]}
        onClose={() => setAt(undefined)}
      />
    </>
  );
}
