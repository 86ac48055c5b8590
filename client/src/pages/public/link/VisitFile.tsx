import { useState } from "react";
import { Button } from "../../../components/controls/Button.tsx";
import { Icon } from "../../../components/controls/Icon.tsx";
import { Problems } from "../../../components/drive/Problems.tsx";
import { useViewer } from "../../../components/drive/use-viewer.ts";
import { typeText } from "../../../components/item-list/columns.ts";
import { useThumbnail } from "../../../components/item-list/Thumbnails.tsx";
import { Notice } from "../../../components/page/Notice.tsx";
import { TransferDialogs } from "../../../components/transfers/TransferDialogs.tsx";
import { TransferPanel } from "../../../components/transfers/TransferPanel.tsx";
import { kindOf } from "../../../lib/files/kind-of.ts";
import { type FileItem, nameHere, type VisitView } from "../../../lib/session/index.ts";
import { formatBytes, formatDateTime, useText } from "../../../lib/text/index.ts";
import { InvitedNotice } from "./InvitedNotice.tsx";
import { SaveDialog } from "./SaveDialog.tsx";
import "./VisitFile.css";

export interface VisitFileProps {
  readonly visit: VisitView;
  /** The link's, with its secret: an invitation is taken up with it. */
  readonly address: string;
  readonly file: FileItem;
  readonly onDownload: () => void;
}

/** One file behind a link: what it is, a look at it, and the ways to keep it. Nothing of it is fetched before somebody asks. */
export function VisitFile({ visit, address, file, onDownload }: VisitFileProps) {
  const text = useText();
  const { look } = useViewer();
  const picture = useThumbnail(file);
  const [owner] = useState(nameHere);
  const [isSaving, setSaving] = useState(false);
  const mayDownload = !visit.viewOnly;
  const kind = kindOf(file);
  const facts = [typeText(file), formatBytes(file.sizeBytes ?? 0), formatDateTime(file.modifiedMs)];
  return (
    <article className="visit-file">
      <button type="button" className={`visit-file-picture tile-${kind}`} onClick={() => look(file)}>
        {picture === undefined ? <Icon name={kind} /> : <img src={picture} alt="" />}
        <span className="visually-hidden">{text("links.visit.look")}</span>
      </button>
      <h1 dir="auto">{file.name}</h1>
      <p className="faint number">{facts.join(" · ")}</p>
      {visit.expiresMs !== undefined && (
        <p className="faint">{text("links.visit.until", { date: formatDateTime(visit.expiresMs) })}</p>
      )}
      {visit.invitedBy !== undefined && <InvitedNotice visit={visit} address={address} />}
      <Problems />
      {visit.viewOnly && (
        <Notice kind="plain">
          <Icon name="eye" />
          {text("links.visit.viewOnly")}
        </Notice>
      )}
      <div className="visit-file-actions">
        <Button kind={mayDownload ? "plain" : "primary"} icon="eye" onClick={() => look(file)}>
          {text("links.visit.look")}
        </Button>
        {mayDownload && owner !== undefined && (
          <Button icon="disk" onClick={() => setSaving(true)}>
            {text("links.save.action")}
          </Button>
        )}
        {mayDownload && (
          <Button kind="primary" icon="down" onClick={onDownload}>
            {text("files.download")}
          </Button>
        )}
      </div>
      <TransferPanel />
      <TransferDialogs />
      {isSaving && owner !== undefined && <SaveDialog name={owner} items={[file]} onClose={() => setSaving(false)} />}
    </article>
  );
}
