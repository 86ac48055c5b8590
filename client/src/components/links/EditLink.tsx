import { useState } from "react";
import { useSession } from "../../Contexts.tsx";
import type { LinkItem } from "../../lib/session/index.ts";
import { useText } from "../../lib/text/index.ts";
import { Button } from "../controls/Button.tsx";
import { Field } from "../controls/Field.tsx";
import { useSubmit } from "../controls/use-submit.ts";
import { Notice } from "../page/Notice.tsx";
import { endOf, isBadMax, LinkLimits, limitsOf, mostOf } from "./LinkLimits.tsx";

/** What can be another about a link: its keys and what visitors may do are not. Only its maker names it. */
export function EditLink({ link, onDone }: { readonly link: LinkItem; readonly onDone: () => void }) {
  const text = useText();
  const session = useSession();
  const { id, address, expiresMs, maxDownloads } = link;
  const [label, setLabel] = useState(link.label ?? "");
  const [limits, setLimits] = useState(() => limitsOf(link));
  const isBad = isBadMax(limits);
  const { isWorking, problem, onSubmit } = useSubmit(async () => {
    if (isBad) return;
    const [ends, most] = [endOf(limits), mostOf(limits)];
    await session.engine.links.change(id, {
      ...(address !== undefined && label.trim() !== link.label && { label: label.trim() }),
      ...(ends !== undefined && ends !== (expiresMs ?? null) && { expiresMs: ends }),
      ...(most !== (maxDownloads ?? null) && { maxDownloads: most }),
    });
    onDone();
  });
  return (
    <form className="edit-link" aria-label={text("links.edit.title")} onSubmit={onSubmit}>
      {address !== undefined && (
        <Field label={text("links.form.label")} value={label} onValue={setLabel} autoComplete="off" maxLength={100} />
      )}
      <LinkLimits limits={limits} expiresMs={expiresMs} onLimits={setLimits} />
      {problem !== undefined && <Notice kind="bad">{problem}</Notice>}
      <div className="dialog-actions">
        <Button disabled={isWorking} onClick={onDone}>
          {text("files.cancel")}
        </Button>
        <Button kind="primary" type="submit" disabled={isWorking || isBad}>
          {text("links.edit.submit")}
        </Button>
      </div>
    </form>
  );
}
