import { useCallback, useState } from "react";
import { useSession } from "../../Contexts.tsx";
import { useLive } from "../../lib/files/use-live.ts";
import type { ItemRef } from "../../lib/session/index.ts";
import { errorText, useText } from "../../lib/text/index.ts";
import { Button } from "../controls/Button.tsx";
import { Choice } from "../controls/Choice.tsx";
import { Field } from "../controls/Field.tsx";
import { useSubmit } from "../controls/use-submit.ts";
import { Notice } from "../page/Notice.tsx";
import { endOf, isBadMax, LinkLimits, limitsOf, mostOf } from "./LinkLimits.tsx";
import { LINKS } from "./link-text.ts";

type Allowed = "viewer" | "view-only" | "editor";

export interface NewLinkProps {
  readonly folder: ItemRef;
  /** Visitors of a file have nothing to add to. */
  readonly isFile: boolean;
  /** Earlier versions of files come along, because it is not shared yet and somebody wants it so. */
  readonly withVersions: boolean;
  readonly onDone: () => void;
}

/** Everything that a link can be, with one decision that matters and the others left out until they are wanted. */
export function NewLink({ folder, isFile, withVersions, onDone }: NewLinkProps) {
  const text = useText();
  const session = useSession();
  const [label, setLabel] = useState("");
  const [allowed, setAllowed] = useState<Allowed>("viewer");
  const [limits, setLimits] = useState(() => limitsOf());
  const [password, setPassword] = useState("");
  const isBad = isBadMax(limits);
  const { parentId, id, name } = folder;
  const look = useCallback(
    async () => (isFile ? [] : await session.engine.links.notReached({ parentId, id, name })),
    [session, isFile, parentId, id, name],
  );
  const { view: notReached = [], failure } = useLive(session, look, LINKS);
  const uploads = { value: "editor", label: text("links.form.editor"), hint: text("links.form.editorHint") } as const;
  const { isWorking, problem, onSubmit } = useSubmit(async () => {
    if (isBad) return;
    await session.engine.links.create(folder, {
      label: label.trim(),
      password: password === "" ? undefined : password,
      role: allowed === "editor" ? "editor" : "viewer",
      viewOnly: allowed === "view-only",
      expiresMs: endOf(limits) ?? undefined,
      maxDownloads: mostOf(limits) ?? undefined,
      withVersions,
    });
    onDone();
  });
  return (
    <form className="new-link" aria-label={text("links.form.title")} onSubmit={onSubmit}>
      <Field
        label={text("links.form.label")}
        hint={text("links.form.labelHint")}
        value={label}
        onValue={setLabel}
        autoComplete="off"
        maxLength={100}
      />
      <Choice
        label={text("links.form.role")}
        value={allowed}
        options={[
          { value: "viewer", label: text("links.form.viewer") },
          { value: "view-only", label: text("links.form.viewOnly"), hint: text("links.form.viewOnlyHint") },
          ...(isFile ? [] : [uploads]),
        ]}
        onChoose={setAllowed}
      />
      <Field
        label={text("links.form.password")}
        hint={text("links.form.passwordHint")}
        value={password}
        onValue={setPassword}
        isPassword
        autoComplete="new-password"
      />
      <LinkLimits limits={limits} onLimits={setLimits} />
      {notReached.length > 0 && (
        <Notice kind="plain">{text("links.form.notReached", { names: notReached.join(", ") })}</Notice>
      )}
      {failure !== undefined && <Notice kind="bad">{errorText(failure)}</Notice>}
      {problem !== undefined && <Notice kind="bad">{problem}</Notice>}
      <div className="dialog-actions">
        <Button disabled={isWorking} onClick={onDone}>
          {text("files.cancel")}
        </Button>
        <Button kind="primary" type="submit" disabled={isWorking || isBad}>
          {text(isWorking ? "links.form.working" : "links.form.submit")}
        </Button>
      </div>
    </form>
  );
}
