import { useEffect, useState } from "react";
import { useSession } from "../../Contexts.tsx";
import type { PlaceChoice } from "../../lib/session/index.ts";
import { errorText, useText } from "../../lib/text/index.ts";
import { Icon } from "../controls/Icon.tsx";
import { Notice } from "../page/Notice.tsx";
import "./FolderChoice.css";

export interface ChosenFolder {
  readonly folderId: string;
  /** As people call it. */
  readonly name: string;
}

export interface FolderChoiceProps {
  /** The folder that is looked into; undefined: the first one. */
  readonly folderId: string | undefined;
  /** Of which drive; the one that is open, unless told. Must be stable. */
  readonly read?: ((folderId: string | undefined) => Promise<PlaceChoice>) | undefined;
  /** Cannot be looked into. */
  readonly inTheWay?: ReadonlySet<string>;
  readonly onFolder: (folderId: string) => void;
  /** It was read, and may be chosen. Must be stable. */
  readonly onLooked: (folder: ChosenFolder) => void;
}

const NOTHING: ReadonlySet<string> = new Set();

/** Looks for a folder to put something into: down by the folders, up by the path. */
export function FolderChoice({ folderId, read, inTheWay = NOTHING, onFolder, onLooked }: FolderChoiceProps) {
  const text = useText();
  const session = useSession();
  const [looked, setLooked] = useState<PlaceChoice>();
  const [problem, setProblem] = useState<string>();
  useEffect(() => {
    let isCurrent = true;
    (read ?? session.engine.folders.subfolders)(folderId).then(
      (found) => {
        if (!isCurrent) return;
        setLooked(found);
        const last = found.path.at(-1);
        if (last !== undefined && found.mayPut) onLooked({ folderId: last.id, name: last.name || text("nav.files") });
      },
      (error: unknown) => isCurrent && setProblem(errorText(error)),
    );
    return () => {
      isCurrent = false;
    };
  }, [session, folderId, read, onLooked, text]);
  const nameOf = (name: string): string => (name === "" ? text("nav.files") : name);
  const here = looked?.path.at(-1)?.id;
  const go = (id: string): void => {
    if (id !== here) onFolder(id);
  };
  return (
    <>
      <nav className="place-path" aria-label={text("explorer.choicePath")}>
        {looked?.path.map(({ id, name }, index) => (
          <span key={id}>
            {index > 0 && <Icon name="chevron" />}
            <button type="button" dir="auto" aria-current={id === here || undefined} onClick={() => go(id)}>
              {nameOf(name)}
            </button>
          </span>
        ))}
      </nav>
      {problem !== undefined && <Notice kind="bad">{problem}</Notice>}
      {looked?.mayPut === false && <p className="faint">{text("explorer.lookOnly")}</p>}
      <ul className="place-folders" aria-label={text("explorer.foldersHere")}>
        {looked?.folders.map(({ id, name }) => (
          <li key={id}>
            <button type="button" disabled={inTheWay.has(id)} onClick={() => go(id)}>
              <Icon name="folder" />
              <span dir="auto">{name}</span>
              <Icon name="chevron" />
            </button>
          </li>
        ))}
        {looked?.folders.length === 0 && <li className="quiet place-none">{text("explorer.noFolders")}</li>}
      </ul>
    </>
  );
}
