import { useCallback } from "react";
import { useSession } from "../../Contexts.tsx";
import { PEOPLE, useLive } from "../../lib/files/use-live.ts";
import type { ItemRef } from "../../lib/session/index.ts";
import { errorText, useText } from "../../lib/text/index.ts";
import { Notice } from "../page/Notice.tsx";

/** The shared folders inside one that are closed to some who are around them, however these came in. */
export function KeptOut({ folder: { parentId, id, name } }: { readonly folder: ItemRef }) {
  const text = useText();
  const session = useSession();
  const read = useCallback(() => session.engine.sharing.keptOut({ parentId, id, name }), [session, parentId, id, name]);
  const { view = [], failure } = useLive(session, read, PEOPLE);
  if (failure !== undefined) return <Notice kind="bad">{errorText(failure)}</Notice>;
  if (view.length === 0) return null;
  return (
    <Notice kind="plain">
      {text("sharing.keptOut")}{" "}
      {view.map((inner) => text("sharing.keptOutOf", { name: inner.name, people: inner.people.join(", ") })).join(" ")}
    </Notice>
  );
}
