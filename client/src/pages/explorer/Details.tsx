import { useCallback } from "react";
import { useSession } from "../../Contexts.tsx";
import { Button, IconButton } from "../../components/controls/Button.tsx";
import { Icon } from "../../components/controls/Icon.tsx";
import { typeText } from "../../components/item-list/columns.ts";
import { useThumbnail } from "../../components/item-list/Thumbnails.tsx";
import { Notice } from "../../components/page/Notice.tsx";
import { canDownload } from "../../lib/files/downloads.ts";
import { kindOf } from "../../lib/files/kind-of.ts";
import { useLive } from "../../lib/files/use-live.ts";
import type { FileItem } from "../../lib/session/index.ts";
import { errorText, formatBytes, formatDateTime, useText } from "../../lib/text/index.ts";
import { type May, shareable } from "./may.ts";
import { Origin } from "./Origin.tsx";
import type { Stars } from "./use-stars.ts";
import { Versions } from "./Versions.tsx";
import "./Details.css";

export interface DetailsProps {
  readonly items: readonly FileItem[];
  readonly onDownload: (items: readonly FileItem[]) => void;
  readonly stars: Stars;
  readonly may: May;
  readonly onShare: (item: FileItem) => void;
  /** undefined: what it stands in can be closed already. */
  readonly onClose?: () => void;
}

/** What is known of the selected item, or of several together. */
export function Details({ items, stars, may, onDownload, onShare, onClose }: DetailsProps) {
  const text = useText();
  const [first] = items;
  const title =
    first === undefined
      ? text("explorer.details.label")
      : items.length === 1
        ? first.name
        : text("explorer.details.many", { count: items.length });
  const sizeBytes = items.reduce((sum, item) => sum + (item.sizeBytes ?? 0), 0);
  const shared = shareable(items, may);
  return (
    <div className="details">
      <div className="details-head">
        <h2 dir="auto">{title}</h2>
        {first !== undefined && (
          <span className={stars.areAll(items) ? "details-star details-starred" : "details-star"}>
            <IconButton
              icon="star"
              label={text(stars.areAll(items) ? "found.unstar" : "found.star")}
              aria-pressed={stars.areAll(items)}
              onClick={() => stars.toggle(items)}
            />
          </span>
        )}
        {onClose && <IconButton icon="close" label={text("explorer.details.close")} onClick={onClose} />}
      </div>
      {first === undefined && <p className="quiet">{text("explorer.details.nothing")}</p>}
      {first !== undefined && items.length === 1 && <OneItem key={first.id} item={first} may={may} />}
      {canDownload(items) && (
        <Button icon="down" onClick={() => onDownload(items)}>
          {text("files.download")}
        </Button>
      )}
      {shared !== undefined && (
        <Button icon="people" onClick={() => onShare(shared)}>
          {text(shared.isShared ? "sharing.people" : "sharing.share")}
        </Button>
      )}
      {items.length > 1 && (
        <dl>
          <Fact name={text("explorer.details.size")} value={formatBytes(sizeBytes)} />
        </dl>
      )}
    </div>
  );
}

function OneItem({ item, may }: { readonly item: FileItem; readonly may: May }) {
  const text = useText();
  const session = useSession();
  const { parentId, id, name, sizeBytes, modifiedMs, type } = item;
  const read = useCallback(() => session.engine.folders.details({ parentId, id, name }), [session, parentId, id, name]);
  const { view, failure } = useLive(session, read);
  const kind = kindOf(item);
  const picture = useThumbnail(item);
  return (
    <>
      <div className={`details-picture tile-${kind}`}>
        {picture === undefined ? <Icon name={kind} /> : <img src={picture} alt="" />}
      </div>
      <dl>
        <Fact name={text("explorer.details.kind")} value={typeText(item)} />
        {sizeBytes !== undefined && <Fact name={text("explorer.details.size")} value={formatBytes(sizeBytes)} />}
        <Fact name={text("explorer.details.modified")} value={formatDateTime(modifiedMs)} />
        {view && <Fact name={text("explorer.details.created")} value={formatDateTime(view.createdMs)} />}
      </dl>
      <Origin item={item} />
      {failure !== undefined && <Notice kind="bad">{errorText(failure)}</Notice>}
      {view && failure === undefined && (
        <Notice kind="seal">
          <Icon name="shield" />
          <span>
            <strong>{text("explorer.details.verified")}</strong>
            <br />
            {text("explorer.details.verifiedLead")}
          </span>
        </Notice>
      )}
      {view && type === "file" && <Versions item={item} details={view} mayChange={may.change} />}
    </>
  );
}

function Fact({ name, value }: { readonly name: string; readonly value: string }) {
  return (
    <div>
      <dt className="quiet">{name}</dt>
      <dd className="number">{value}</dd>
    </div>
  );
}
