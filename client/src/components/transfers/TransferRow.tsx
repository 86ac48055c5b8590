import { type ChangeEvent, type CSSProperties, useRef } from "react";
import { useSession, useTransfers } from "../../Contexts.tsx";
import type { Transfer } from "../../lib/files/transfers.ts";
import type { EngineFailure } from "../../lib/session/index.ts";
import { errorText, formatBytes, text } from "../../lib/text/index.ts";
import { Button, IconButton } from "../controls/Button.tsx";

export interface TransferRowProps {
  readonly transfer: Transfer;
  /** Of the list: the row itself changes in place. */
  readonly version: number;
  readonly style: CSSProperties;
}

export function TransferRow({ transfer, style }: TransferRowProps) {
  const transfers = useTransfers();
  const { name, direction, sizeBytes, doneBytes, status, failure } = transfer;
  const isOpen = status === "waiting" || status === "running";
  return (
    <li className={`transfer transfer-${status}`} style={style}>
      <span className="transfer-name" dir="auto" title={name}>
        {name}
      </span>
      <span className="transfer-status">{statusText(transfer, transfers.state.isPaused)}</span>
      {isOpen && (
        <IconButton
          icon="close"
          label={text("transfers.cancel", { name })}
          onClick={() => transfers.cancel(transfer)}
        />
      )}
      {transfers.canRetry(transfer) && (
        <IconButton
          icon="restore"
          label={text(direction === "down" ? "transfers.fetchAgain" : "transfers.retry", { name })}
          onClick={() => transfers.retry([transfer])}
        />
      )}
      {status === "interrupted" && <GoOn transfer={transfer} />}
      {status === "conflict" && (
        <Button kind="ghost" aria-label={text("transfers.chooseFor", { name })} onClick={() => transfers.ask(transfer)}>
          {text("transfers.choose")}
        </Button>
      )}
      <span className="transfer-facts faint number" title={failure && failureText(failure)}>
        {status === "failed" && failure !== undefined ? failureText(failure) : factsText(transfer)}
      </span>
      {status === "running" && sizeBytes > 0 && <progress max={sizeBytes} value={doneBytes} aria-label={name} />}
    </li>
  );
}

/** The browser may not open the file by itself any more: somebody shows it once again. */
function GoOn({ transfer }: { readonly transfer: Transfer }) {
  const session = useSession();
  const transfers = useTransfers();
  const input = useRef<HTMLInputElement>(null);
  const { name } = transfer;
  const report = (error: unknown): void => session.report(error);
  const take = (event: ChangeEvent<HTMLInputElement>): void => {
    const [file] = event.target.files ?? [];
    event.target.value = "";
    if (file !== undefined) transfers.goOn(transfer, file).catch(report);
  };
  const label = text("transfers.goOnWith", { name });
  return (
    <span className="transfer-actions">
      <input ref={input} type="file" hidden aria-label={label} onChange={take} />
      <Button kind="ghost" aria-label={label} onClick={() => input.current?.click()}>
        {text("transfers.chooseFile")}
      </Button>
      <IconButton
        icon="close"
        label={text("transfers.dismiss", { name })}
        onClick={() => void transfers.dismiss(transfer).catch(report)}
      />
    </span>
  );
}

/** Of an archive, with the item that broke it. */
function failureText(failure: EngineFailure): string {
  const { path } = failure;
  return path === undefined ? errorText(failure) : text("transfers.failedAt", { path, reason: errorText(failure) });
}

/** "Verified" is said of downloads only, every byte of which was; of uploads the server confirmed the whole. */
function statusText({ status, direction, isFolder }: Transfer, isPaused: boolean): string {
  if (status === "done") {
    return isFolder ? "" : text(direction === "down" ? "transfers.verified" : "transfers.stored");
  }
  if (status === "waiting") return text(isPaused ? "transfers.pausedRow" : "transfers.waiting");
  if (status === "running" || status === "conflict" || status === "interrupted") return "";
  return text(`transfers.${status}`);
}

function factsText({ status, sizeBytes, doneBytes, isFolder, wasOtherFile }: Transfer): string {
  if (status === "conflict") return text("transfers.taken");
  if (status === "interrupted") return text(wasOtherFile ? "transfers.otherFile" : "transfers.interrupted");
  if (isFolder) return text("transfers.folder");
  if (status !== "running") return formatBytes(sizeBytes);
  return text("transfers.progress", { done: formatBytes(doneBytes), all: formatBytes(sizeBytes) });
}
