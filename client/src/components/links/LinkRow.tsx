import { useState } from "react";
import { useSession } from "../../Contexts.tsx";
import type { LinkItem } from "../../lib/session/index.ts";
import { errorText, useText } from "../../lib/text/index.ts";
import { Icon } from "../controls/Icon.tsx";
import { Notice } from "../page/Notice.tsx";
import { EditLink } from "./EditLink.tsx";
import { LinkAddress } from "./LinkAddress.tsx";
import { LinkLog } from "./LinkLog.tsx";
import { LinkState } from "./LinkState.tsx";
import { linkName, linkRules, linkUse } from "./link-text.ts";

/** One link: what it is, its address, and what can be done about it. */
export function LinkRow({ link, onRevoke }: { readonly link: LinkItem; readonly onRevoke: () => void }) {
  const text = useText();
  const session = useSession();
  const [hasLog, setLog] = useState(false);
  const [isEditing, setEditing] = useState(false);
  const [isWorking, setWorking] = useState(false);
  const [problem, setProblem] = useState<string>();
  const { id, state, address } = link;
  const name = linkName(link);
  const isPaused = state === "paused";
  const pause = async (): Promise<void> => {
    setWorking(true);
    setProblem(undefined);
    try {
      await session.engine.links.change(id, { paused: !isPaused });
    } catch (error) {
      setProblem(errorText(error));
    }
    setWorking(false);
  };
  return (
    <li className="link-row">
      <p className="link-head">
        <Icon name="link" />
        <strong dir="auto">{name}</strong>
        <LinkState state={state} />
      </p>
      <p className="faint">
        {linkRules(link)}
        <br />
        <span className="number">{linkUse(link)}</span>
      </p>
      {address === undefined ? (
        <p className="faint">{text("links.othersLead")}</p>
      ) : (
        <LinkAddress address={address} name={name} />
      )}
      {problem !== undefined && <Notice kind="bad">{problem}</Notice>}
      <p className="link-actions">
        {(state === "open" || isPaused) && (
          <button type="button" className="link-button" disabled={isWorking} onClick={() => void pause()}>
            {text(isPaused ? "links.resume" : "links.pause")}
          </button>
        )}
        <button type="button" className="link-button" aria-expanded={isEditing} onClick={() => setEditing(!isEditing)}>
          {text("links.edit.open")}
        </button>
        <button type="button" className="link-button" aria-expanded={hasLog} onClick={() => setLog(!hasLog)}>
          {text("links.log")}
        </button>
        <button type="button" className="link-button link-revoke" disabled={isWorking} onClick={onRevoke}>
          {text("links.revoke")}
        </button>
      </p>
      {isEditing && <EditLink link={link} onDone={() => setEditing(false)} />}
      {hasLog && <LinkLog id={id} />}
    </li>
  );
}
