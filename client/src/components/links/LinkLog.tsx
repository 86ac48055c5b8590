import { useCallback } from "react";
import { useSession } from "../../Contexts.tsx";
import { useLive } from "../../lib/files/use-live.ts";
import type { LinkEvent } from "../../lib/session/index.ts";
import { errorText, formatDateTime, useText } from "../../lib/text/index.ts";
import { Notice } from "../page/Notice.tsx";
import { LINKS } from "./link-text.ts";

const CLIENTS = ["web", "cli", "app"] as const;

/** Who came, as far as the server says. */
export function LinkLog({ id }: { readonly id: string }) {
  const text = useText();
  const session = useSession();
  const read = useCallback(() => session.engine.links.log(id), [session, id]);
  const { view, failure } = useLive(session, read, LINKS);
  const clientOf = ({ client }: LinkEvent): string =>
    text(`links.clients.${CLIENTS.find((known) => known === client) ?? "unknown"}`);
  if (failure !== undefined) return <Notice kind="bad">{errorText(failure)}</Notice>;
  if (view === undefined) return <p className="faint">{text("settings.loading")}</p>;
  if (view.length === 0) return <p className="faint">{text("links.noLog")}</p>;
  return (
    <div className="link-log">
      <ol>
        {view.map((event, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: two of them may be the same in everything
          <li key={index}>
            <span className="number faint">{formatDateTime(event.atMs)}</span>
            <span>
              {text(`links.outcomes.${event.outcome}`)}
              {", "}
              {clientOf(event)}
              {event.count > 1 && `, ${text("links.times", { count: event.count })}`}
            </span>
          </li>
        ))}
      </ol>
      <p className="faint">{text("links.logAbout")}</p>
    </div>
  );
}
