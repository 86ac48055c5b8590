import type { StorageView } from "../../lib/session/index.ts";
import { formatBytes, useText } from "../../lib/text/index.ts";

/** Which colour belongs to what: the same whatever the order. */
const COLOURS = {
  image: 1,
  film: 2,
  music: 3,
  folder: 4,
  file: 4,
  versions: 8,
  trash: 5,
  deleted: 6,
  other: 7,
} as const;

interface Share {
  readonly name: Exclude<keyof typeof COLOURS, "folder">;
  readonly sizeBytes: number;
  readonly files?: number;
}

function sharesOf(view: StorageView): Share[] {
  const kinds = view.kinds.flatMap(({ kind, ...share }) => (kind === "folder" ? [] : [{ name: kind, ...share }]));
  const rest: Share[] = [
    { name: "versions", sizeBytes: view.versionsBytes },
    { name: "trash", sizeBytes: view.trashBytes },
    { name: "deleted", sizeBytes: view.deletedBytes },
    { name: "other", sizeBytes: view.otherBytes },
  ];
  return [...kinds, ...rest].filter(({ sizeBytes }) => sizeBytes > 0);
}

/** A bar of all that takes space, and the words for its parts. The words say everything; the bar shows it. */
export function Shares({ view }: { readonly view: StorageView }) {
  const text = useText();
  const shares = sharesOf(view);
  if (shares.length === 0) return <p className="quiet">{text("settings.storage.empty")}</p>;
  return (
    <>
      <div className="shares-bar" aria-hidden="true">
        {shares.map(({ name, sizeBytes }) => (
          <span key={name} className={`share-${COLOURS[name]}`} style={{ flexGrow: sizeBytes }} />
        ))}
      </div>
      <ul className="shares" aria-label={text("settings.storage.picture")}>
        {shares.map(({ name, sizeBytes, files }) => (
          <li key={name}>
            <span className={`shares-dot share-${COLOURS[name]}`} aria-hidden="true" />
            <span className="shares-name">
              {text(`settings.storage.${name}`)}
              {files !== undefined && (
                <small className="faint"> {text("settings.storage.files", { count: files })}</small>
              )}
            </span>
            <span className="number">{formatBytes(sizeBytes)}</span>
          </li>
        ))}
      </ul>
    </>
  );
}
