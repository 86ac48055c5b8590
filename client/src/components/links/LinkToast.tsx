import { useEffect, useState } from "react";
import { Link } from "react-router-dom";
import { useSession } from "../../Contexts.tsx";
import { useText } from "../../lib/text/index.ts";
import { IconButton } from "../controls/Button.tsx";
import { linkName } from "./link-text.ts";
import "../drive/UndoToast.css";

/** A link of this person was used: said when it happens, until it is closed. */
export function LinkToast() {
  const text = useText();
  const session = useSession();
  const [name, setName] = useState<string>();
  useEffect(
    () =>
      session.onEvent((event) => {
        if (event.type !== "link" || !event.isUse) return;
        session.engine.links.all().then(
          (links) => {
            const link = links.find(({ id }) => id === event.linkId);
            if (link !== undefined) setName(linkName(link));
          },
          (error: unknown) => session.report(error),
        );
      }),
    [session],
  );
  return (
    <div role="status" className="undo-place">
      {name !== undefined && (
        <div className="undo-toast">
          <span className="undo-text" dir="auto">
            {text("links.used", { name })}
          </span>
          <Link className="link-show" to="/links" onClick={() => setName(undefined)}>
            {text("links.show")}
          </Link>
          <IconButton icon="close" label={text("app.close")} onClick={() => setName(undefined)} />
        </div>
      )}
    </div>
  );
}
