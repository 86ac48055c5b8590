import { type ChangeEvent, useRef } from "react";
import { Link } from "react-router-dom";
import { Button, IconButton } from "../../../components/controls/Button.tsx";
import { type Picking, pickedFiles } from "../../../lib/files/picked.ts";
import { setPreferences, usePreferences } from "../../../lib/preferences/index.ts";
import type { PathStep, VisitView } from "../../../lib/session/index.ts";
import { formatDateTime, useText } from "../../../lib/text/index.ts";
import "../../../components/drive/Breadcrumbs.css";

/** React's types do not know it; every browser does. */
const FOLDERS = { webkitdirectory: "" };

export interface VisitHeadProps {
  readonly visit: VisitView;
  readonly path: readonly PathStep[];
  readonly onDownloadAll: (() => void) | undefined;
  /** undefined: nobody is signed in here, or there is nothing to save. */
  readonly onSaveAll: (() => void) | undefined;
  readonly onPicked: ((picking: Picking) => void) | undefined;
}

/** The name of what is shared, the way down to where one is, and what is done most. */
export function VisitHead({ visit, path, onDownloadAll, onSaveAll, onPicked }: VisitHeadProps) {
  const text = useText();
  const { layout } = usePreferences();
  const root = visit.label || text("links.visit.folder");
  const steps = path.length === 0 ? [{ id: "", name: "" }] : path;
  const isGrid = layout === "grid";
  return (
    <div className="visit-head">
      <nav className="crumbs" aria-label={text("files.path")}>
        <ol>
          {steps.map(({ id, name }, index) => (
            <li key={id}>
              {index === steps.length - 1 ? (
                <h1 dir="auto">{index === 0 ? root : name}</h1>
              ) : (
                <Link dir="auto" to={index === 0 ? "?" : `?in=${id}`}>
                  {index === 0 ? root : name}
                </Link>
              )}
            </li>
          ))}
        </ol>
        {visit.expiresMs !== undefined && (
          <p className="faint">{text("links.visit.until", { date: formatDateTime(visit.expiresMs) })}</p>
        )}
      </nav>
      <div className="visit-actions">
        <IconButton
          icon={isGrid ? "list" : "grid"}
          label={text(isGrid ? "explorer.list" : "explorer.grid")}
          onClick={() => setPreferences({ layout: isGrid ? "list" : "grid" })}
        />
        {onPicked && <UploadButtons onPicked={onPicked} />}
        {onSaveAll && (
          <Button icon="disk" onClick={onSaveAll}>
            {text("links.save.action")}
          </Button>
        )}
        {onDownloadAll && (
          <Button kind="primary" icon="down" onClick={onDownloadAll}>
            {text("links.visit.downloadAll")}
          </Button>
        )}
      </div>
    </div>
  );
}

function UploadButtons({ onPicked }: { readonly onPicked: (picking: Picking) => void }) {
  const text = useText();
  const files = useRef<HTMLInputElement>(null);
  const folder = useRef<HTMLInputElement>(null);
  const take = (event: ChangeEvent<HTMLInputElement>): void => {
    onPicked(pickedFiles([...(event.target.files ?? [])]));
    // The same file can be chosen again.
    event.target.value = "";
  };
  return (
    <>
      <input ref={files} type="file" multiple hidden aria-label={text("links.visit.upload")} onChange={take} />
      <input
        ref={folder}
        type="file"
        {...FOLDERS}
        hidden
        aria-label={text("links.visit.uploadFolder")}
        onChange={take}
      />
      <Button icon="up" onClick={() => files.current?.click()}>
        {text("links.visit.upload")}
      </Button>
      <IconButton icon="folderUp" label={text("links.visit.uploadFolder")} onClick={() => folder.current?.click()} />
    </>
  );
}
