import { useState } from "react";
import { Button, IconButton } from "../../../components/controls/Button.tsx";
import { Field } from "../../../components/controls/Field.tsx";
import { Icon } from "../../../components/controls/Icon.tsx";
import { Notice } from "../../../components/page/Notice.tsx";
import type { RequestFace, Said } from "../../../lib/session/index.ts";
import { errorText, formatBytes, formatDateTime, useText } from "../../../lib/text/index.ts";
import { Left } from "./Left.tsx";
import { PickArea } from "./PickArea.tsx";
import { Receipt } from "./Receipt.tsx";
import { SendList } from "./SendList.tsx";
import type { OpenedRequest } from "./use-request.ts";

export interface SendViewProps {
  readonly face: RequestFace;
  readonly request: OpenedRequest;
}

/** What is asked for, what somebody chooses for it, and what has become of that. */
export function SendView({ face, request }: SendViewProps) {
  const text = useText();
  const { outbox, state, receipt, failure } = request;
  const [said, setSaid] = useState<Said>({ sender: "", note: "" });
  const { files, sizeBytes } = state.chosen;
  const problem = state.failure ?? failure;
  const isOpen = face.state === "open";
  const word = { sender: said.sender.trim(), note: said.note.trim() };
  return (
    <div className="send">
      <header className="send-head">
        <p className="quiet" dir="auto">
          {face.owner === "" ? text("requests.send.asksNobody") : text("requests.send.asks", { name: face.owner })}
        </p>
        <h1 dir="auto">{face.title}</h1>
        {face.text !== "" && (
          <p className="send-text" dir="auto">
            {face.text}
          </p>
        )}
      </header>
      {problem !== undefined && (
        <Notice kind="bad">
          <span className="send-problem">{errorText(problem)}</span>
          {state.failure !== undefined && (
            <IconButton icon="close" label={text("app.close")} onClick={() => outbox.dismiss()} />
          )}
        </Notice>
      )}
      {!isOpen && <Shut face={face} />}
      {isOpen && (
        <>
          {state.left.length > 0 && <Left left={state.left} onForget={() => outbox.forgetLeft()} />}
          <PickArea isLooking={state.isLooking} onPicked={(picking) => void outbox.choose(picking)}>
            <Caps face={face} />
          </PickArea>
        </>
      )}
      {state.count > 0 && <SendList request={request} said={word} />}
      {isOpen && files > 0 && (
        <form
          className="send-form"
          onSubmit={(event) => {
            event.preventDefault();
            void outbox.send(word);
          }}
        >
          <Field
            label={text("requests.send.name")}
            value={said.sender}
            onValue={(sender) => setSaid((before) => ({ ...before, sender }))}
            maxLength={100}
            autoComplete="name"
          />
          <Field
            label={text("requests.send.note")}
            hint={text("requests.send.saidHint")}
            value={said.note}
            onValue={(note) => setSaid((before) => ({ ...before, note }))}
            lines={3}
          />
          {state.isTooMuch && <Notice kind="plain">{text("requests.send.tooMuch")}</Notice>}
          <Button kind="primary" icon="up" type="submit" isWide disabled={state.isLooking}>
            {text("requests.send.go", { count: files, size: formatBytes(sizeBytes) })}
          </Button>
        </form>
      )}
      {receipt !== undefined && <Receipt receipt={receipt} title={face.title} />}
    </div>
  );
}

/** What is taken, said before anybody chooses. */
function Caps({ face }: { readonly face: RequestFace }) {
  const text = useText();
  const { expiresMs, freeBytes, freeItems, maxFileBytes, types } = face;
  const facts = [
    ...(types.length === 0 ? [] : [text("requests.send.takesTypes", { types: types.join(", ") })]),
    text("requests.send.takesAll", { free: formatBytes(freeBytes), count: freeItems }),
    ...(maxFileBytes < freeBytes * 0.85 ? [text("requests.send.takesFile", { size: formatBytes(maxFileBytes) })] : []),
    ...(expiresMs === null ? [] : [text("requests.send.until", { date: formatDateTime(expiresMs) })]),
  ];
  return <p className="faint send-caps">{facts.join(" ")}</p>;
}

/** It takes nothing more, for one of three reasons. */
function Shut({ face: { state, expiresMs } }: { readonly face: RequestFace }) {
  const text = useText();
  if (state === "open") return null;
  const date = formatDateTime(expiresMs ?? 0);
  return (
    <div className="send-shut" role="alert">
      <Icon name="lock" />
      <div>
        <h2>{text(`requests.send.${state}`)}</h2>
        <p className="quiet">{text(`requests.send.${state}Lead`, { date })}</p>
      </div>
    </div>
  );
}
