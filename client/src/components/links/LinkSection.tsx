import { useCallback, useState } from "react";
import { useSession } from "../../Contexts.tsx";
import { useLive } from "../../lib/files/use-live.ts";
import type { ItemRef, LinkItem } from "../../lib/session/index.ts";
import { errorText, useText } from "../../lib/text/index.ts";
import { Button } from "../controls/Button.tsx";
import { Notice } from "../page/Notice.tsx";
import { LinkRow } from "./LinkRow.tsx";
import { LINKS } from "./link-text.ts";
import { NewLink } from "./NewLink.tsx";
import "./Links.css";

export interface LinkSectionProps {
  readonly folder: ItemRef;
  readonly isFile: boolean;
  readonly withVersions: boolean;
  readonly onRevoke: (link: LinkItem) => void;
}

/** The links into a folder, for whoever decides who is in it. */
export function LinkSection({ folder, isFile, withVersions, onRevoke }: LinkSectionProps) {
  const text = useText();
  const session = useSession();
  const { parentId, id, name } = folder;
  const read = useCallback(() => session.engine.links.list({ parentId, id, name }), [session, parentId, id, name]);
  const { view, failure } = useLive(session, read, LINKS);
  // Those stand among the people.
  const links = view?.filter(({ isInvitation }) => !isInvitation);
  const [isMaking, setMaking] = useState(false);
  return (
    <section className="links" aria-label={text("links.title")}>
      <div className="links-head">
        <h3 className="quiet">{text("links.title")}</h3>
        {!isMaking && (
          <Button icon="plus" onClick={() => setMaking(true)}>
            {text("links.make")}
          </Button>
        )}
      </div>
      {failure !== undefined && <Notice kind="bad">{errorText(failure)}</Notice>}
      {isMaking && (
        <NewLink folder={folder} isFile={isFile} withVersions={withVersions} onDone={() => setMaking(false)} />
      )}
      {links?.length === 0 && !isMaking && <p className="faint">{`${text("links.none")} ${text("links.lead")}`}</p>}
      {links !== undefined && links.length > 0 && (
        <ul>
          {links.map((link) => (
            <LinkRow key={link.id} link={link} onRevoke={() => onRevoke(link)} />
          ))}
        </ul>
      )}
    </section>
  );
}
