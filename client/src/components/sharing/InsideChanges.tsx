import type { InsideItems } from "../../lib/session/index.ts";
import { useText } from "../../lib/text/index.ts";
import { Notice } from "../page/Notice.tsx";

export interface InsideChangesProps {
  readonly inside: InsideItems | undefined;
  /** What is done, or is going to be, in shared folders inside. */
  readonly what: "shared" | "removing";
}

/** What a change of who is in a shared folder means for those inside it, each by its name. */
export function InsideChanges({ inside, what }: InsideChangesProps) {
  const text = useText();
  if (inside === undefined) return null;
  const { changed, unchanged } = inside;
  return (
    <>
      {changed.length > 0 && <p className="quiet">{text(`sharing.inside.${what}`, { names: changed.join(", ") })}</p>}
      {unchanged.length > 0 && (
        <Notice kind="bad">
          {text("sharing.inside.unchanged")}{" "}
          {unchanged.map(({ name, reason }) => text(`sharing.inside.${reason}`, { name })).join(" ")}
        </Notice>
      )}
    </>
  );
}
