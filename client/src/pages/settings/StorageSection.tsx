import { useEffect, useState } from "react";
import { Link } from "react-router-dom";
import { useSession } from "../../Contexts.tsx";
import { Button } from "../../components/controls/Button.tsx";
import { Notice } from "../../components/page/Notice.tsx";
import { errorText, formatBytes, formatDate, useText } from "../../lib/text/index.ts";
import { Group } from "./Group.tsx";
import { Shares } from "./Shares.tsx";
import { useStorage } from "./use-storage.ts";
import "./StorageSection.css";

/** What the space is spent on: as a picture by kind, and by the largest folders. */
export function StorageSection() {
  const text = useText();
  const session = useSession();
  const { view, files, failure, isCounting, count, cancel } = useStorage(session);
  const [isFirst, setFirst] = useState(true);
  useEffect(() => {
    if (isFirst) count();
    setFirst(false);
  }, [isFirst, count]);
  useEffect(() => cancel, [cancel]);
  return (
    <>
      <Group title={text("settings.storage.title")} isFirst>
        {failure !== undefined && (
          <Notice kind={failure.code === "cancelled" ? "plain" : "bad"}>
            {failure.code === "cancelled" ? text("settings.storage.cancelled") : errorText(failure)}
          </Notice>
        )}
        {isCounting && (
          <p className="quiet number" role="status">
            {files === 0 ? text("settings.storage.counting") : text("settings.storage.counted", { count: files })}
          </p>
        )}
        {view !== undefined && (
          <>
            <p className="number">
              <strong className="settings-figure">{formatBytes(view.usedBytes)}</strong>{" "}
              <span className="quiet">
                {text("settings.storage.used")} ·{" "}
                {view.quotaBytes === null
                  ? text("settings.storage.unlimited")
                  : text("settings.storage.free", {
                      free: formatBytes(Math.max(0, view.quotaBytes - view.usedBytes)),
                    })}
              </span>
            </p>
            <Shares view={view} />
            {view.nextFreeMs !== null && (
              <p className="quiet">{text("settings.storage.freeFrom", { date: formatDate(view.nextFreeMs) })}</p>
            )}
            {view.isDamaged && <Notice kind="bad">{text("settings.storage.damaged")}</Notice>}
            <p className="faint">{text("settings.storage.encrypted")}</p>
          </>
        )}
        <div className="settings-actions">
          {isCounting ? (
            <Button onClick={cancel}>{text("settings.storage.cancel")}</Button>
          ) : (
            <Button onClick={count}>{text("settings.storage.again")}</Button>
          )}
        </div>
      </Group>
      {view !== undefined && (
        <Group title={text("settings.storage.folders")} lead={text("settings.storage.foldersLead")}>
          {view.folders.length === 0 && <p className="faint">{text("settings.storage.noFolders")}</p>}
          <ul className="largest">
            {view.folders.map(({ id, path, sizeBytes }) => (
              <li key={id}>
                <Link to={`/files/${id}`}>{path.join(" / ")}</Link>
                <span className="number quiet">{formatBytes(sizeBytes)}</span>
                <span className="largest-bar" style={{ inlineSize: `${shareOf(sizeBytes, view.folders)}%` }} />
              </li>
            ))}
          </ul>
        </Group>
      )}
    </>
  );
}

/** In percent of the largest. */
function shareOf(sizeBytes: number, folders: readonly { readonly sizeBytes: number }[]): number {
  return Math.max(1, (100 * sizeBytes) / (folders[0]?.sizeBytes ?? sizeBytes));
}
