import { useState } from "react";
import { useSession, useSessionState } from "../../Contexts.tsx";
import { Button } from "../../components/controls/Button.tsx";
import { Dialog } from "../../components/controls/Dialog.tsx";
import { Field } from "../../components/controls/Field.tsx";
import { Select } from "../../components/controls/Select.tsx";
import { useSubmit } from "../../components/controls/use-submit.ts";
import { Notice } from "../../components/page/Notice.tsx";
import type { RequestItem } from "../../lib/session/index.ts";
import { formatDate, useText } from "../../lib/text/index.ts";
import { EXPIRIES, type Expiry, formOf, type RequestForm, wishOf } from "./request-form.ts";
import { titleOf } from "./request-text.ts";

export interface RequestDialogProps {
  /** Without: a new one is made. */
  readonly request?: RequestItem;
  readonly onClose: () => void;
  readonly onMade?: (made: RequestItem) => void;
}

/** Everything that the owner decides about a request. */
export function RequestDialog({ request, onClose, onMade }: RequestDialogProps) {
  const text = useText();
  const session = useSession();
  const state = useSessionState();
  const [form, setForm] = useState(() => formOf(request, state.status === "open" ? state.name : ""));
  const expiresMs = request?.expiresMs ?? null;
  const { isWorking, problem, onSubmit } = useSubmit(async () => {
    const wish = wishOf(form, { nowMs: Date.now(), expiresMs });
    if (request === undefined) onMade?.(await session.engine.requests.create(wish));
    else await session.engine.requests.change(request.id, wish);
    onClose();
  });
  const field = (name: keyof RequestForm) => ({
    value: form[name],
    onValue: (value: string) => setForm((before) => ({ ...before, [name]: value })),
    autoComplete: "off",
  });
  const title =
    request === undefined
      ? text("requests.form.newTitle")
      : text("requests.form.changeTitle", { name: titleOf(request) });
  const expiries: readonly Expiry[] = expiresMs === null ? EXPIRIES : ["keep", ...EXPIRIES];
  return (
    <Dialog title={title} isOpen onClose={onClose}>
      <form className="form" onSubmit={onSubmit}>
        <Field
          label={text("requests.form.title")}
          hint={text("requests.form.titleHint")}
          {...field("title")}
          required
        />
        <Field label={text("requests.form.text")} hint={text("requests.form.textHint")} lines={3} {...field("text")} />
        <Field label={text("requests.form.owner")} {...field("owner")} />
        <Select
          label={text("requests.form.expires")}
          value={form.expiry}
          options={expiries.map((value) => ({
            value,
            label:
              value === "keep"
                ? text("requests.form.keep", { date: formatDate(expiresMs ?? 0) })
                : text(`requests.form.${value}`),
          }))}
          onChoose={(expiry) => setForm((before) => ({ ...before, expiry }))}
        />
        <details className="request-limits" open={request !== undefined}>
          <summary>{text("requests.form.limits")}</summary>
          <div className="form">
            <Field
              label={text("requests.form.maxBytes")}
              hint={text("requests.form.maxBytesHint")}
              inputMode="decimal"
              {...field("maxBytes")}
            />
            <Field
              label={text("requests.form.maxFileBytes")}
              hint={text("requests.form.maxFileBytesHint")}
              inputMode="decimal"
              {...field("maxFileBytes")}
            />
            <Field label={text("requests.form.maxItems")} inputMode="numeric" {...field("maxItems")} />
            <Field label={text("requests.form.types")} hint={text("requests.form.typesHint")} {...field("types")} />
          </div>
        </details>
        {problem !== undefined && <Notice kind="bad">{problem}</Notice>}
        <div className="dialog-actions">
          <Button onClick={onClose}>{text("files.cancel")}</Button>
          <Button kind="primary" type="submit" disabled={isWorking}>
            {text(request === undefined ? "requests.form.create" : "requests.form.save")}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
