import { useCallback, useState } from "react";
import { useSession } from "../../Contexts.tsx";
import { Button } from "../../components/controls/Button.tsx";
import { Icon } from "../../components/controls/Icon.tsx";
import { DrivePage } from "../../components/drive/DrivePage.tsx";
import { LinkState } from "../../components/links/LinkState.tsx";
import { LINKS, linkName, linkRules, linkUse } from "../../components/links/link-text.ts";
import { Empty, ToFiles } from "../../components/page/Empty.tsx";
import { Notice } from "../../components/page/Notice.tsx";
import { ShareDialog } from "../../components/sharing/ShareDialog.tsx";
import { SharedViews } from "../../components/sharing/SharedViews.tsx";
import { useLive } from "../../lib/files/use-live.ts";
import type { PlacedLink } from "../../lib/session/index.ts";
import { errorText, useText } from "../../lib/text/index.ts";
import "./LinksPage.css";

/** Every link to what this person decides on, wherever it is. */
export function LinksPage() {
  const text = useText();
  const session = useSession();
  const read = useCallback(() => session.engine.links.all(), [session]);
  const { view: links, failure } = useLive(session, read, LINKS);
  const [managed, setManaged] = useState<PlacedLink["place"]>();
  return (
    <DrivePage head={<h1>{text("links.title")}</h1>}>
      <SharedViews />
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and who has no mouse scrolls it by keys */}
      <section className="shared-page" tabIndex={0} aria-label={text("links.title")}>
        {failure !== undefined && <Notice kind="bad">{errorText(failure)}</Notice>}
        {links === undefined && failure === undefined && <p className="faint">{text("settings.loading")}</p>}
        {links?.length === 0 && (
          <Empty icon="link" title={text("links.noneAtAll")} lead={text("links.noneAtAllLead")}>
            <ToFiles />
          </Empty>
        )}
        <ul className="shared-list links-list">
          {links?.map((link) => (
            <LinkPlace key={link.id} link={link} onOpen={setManaged} />
          ))}
        </ul>
      </section>
      {managed !== undefined && (
        <ShareDialog folder={managed} isFile={managed.isFile} onClose={() => setManaged(undefined)} />
      )}
    </DrivePage>
  );
}

interface LinkPlaceProps {
  readonly link: PlacedLink;
  readonly onOpen: (place: PlacedLink["place"]) => void;
}

function LinkPlace({ link, onOpen }: LinkPlaceProps) {
  const text = useText();
  const { place, state } = link;
  return (
    <li>
      <span className="tile">
        <Icon name="link" />
      </span>
      <p>
        <span className="links-name" dir="auto">
          {linkName(link)} <LinkState state={state} />
        </span>
        <small className="quiet" dir="auto">
          {place?.name ?? text("links.gonePlace")}
        </small>
        <small className="faint number">{`${linkRules(link)} · ${linkUse(link)}`}</small>
      </p>
      {place !== undefined && (
        <Button icon="settings" aria-label={`${text("links.manage")} ${linkName(link)}`} onClick={() => onOpen(place)}>
          {text("links.manage")}
        </Button>
      )}
    </li>
  );
}
