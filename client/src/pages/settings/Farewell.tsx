import { useCallback } from "react";
import { useSession } from "../../Contexts.tsx";
import { Notice } from "../../components/page/Notice.tsx";
import { PEOPLE, useLive } from "../../lib/files/use-live.ts";
import { errorText, useText } from "../../lib/text/index.ts";

/** Which shared folders go with the account, and who loses them. */
export function Farewell() {
  const text = useText();
  const session = useSession();
  const read = useCallback(() => session.engine.sharing.farewell(), [session]);
  const { view, failure } = useLive(session, read, PEOPLE);
  if (failure !== undefined) return <Notice kind="bad">{errorText(failure)}</Notice>;
  if (view === undefined) return <p className="faint">{text("settings.loading")}</p>;
  const { lost, left, unknown } = view;
  if (lost.length + left.length + unknown === 0) return null;
  return (
    <Notice kind="bad">
      {lost.map(({ name, people }) => (
        <p key={name}>{text("safekeeping.remove.lost", { name, people: people.join(", ") })}</p>
      ))}
      {left.map(({ name, owner }) => (
        <p key={`${owner} ${name}`}>{text("safekeeping.remove.left", { name, owner })}</p>
      ))}
      {unknown > 0 && <p>{text("safekeeping.remove.unknown", { count: unknown })}</p>}
    </Notice>
  );
}
