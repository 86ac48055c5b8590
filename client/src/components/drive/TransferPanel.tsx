import { useSyncExternalStore } from "react";
import { useTransfers } from "../../Contexts.tsx";
import type { Transfer, TransfersState } from "../../lib/files/transfers.ts";
import { errorText, formatBytes, formatPercent, useText } from "../../lib/text/index.ts";
import { Button, IconButton } from "../controls/Button.tsx";
import "./TransferPanel.css";

/** Newest last; more than these are counted, not listed. */
const LISTED = 100;

/** What is on its way, within reach on every page. */
export function TransferPanel() {
  const text = useText();
  const transfers = useTransfers();
  const state = useSyncExternalStore(transfers.subscribe, () => transfers.state);
  const { transfers: all, totalBytes, doneBytes, isRunning } = state;
  if (all.length === 0) return null;
  const share = totalBytes === 0 ? 1 : Math.min(1, doneBytes / totalBytes);
  return (
    <section className="transfers" aria-label={text("transfers.label")}>
      <div className="transfers-head">
        <strong aria-live="polite">{summary(state, text)}</strong>
        {isRunning ? (
          <span className="quiet number">{formatPercent(share)}</span>
        ) : (
          <Button kind="ghost" onClick={() => transfers.clear()}>
            {text("transfers.clear")}
          </Button>
        )}
      </div>
      {isRunning && <progress max={1} value={share} aria-label={text("transfers.label")} />}
      <ul>
        {all.slice(-LISTED).map((transfer) => (
          <TransferRow key={transfer.id} transfer={transfer} onCancel={() => transfers.cancel(transfer.id)} />
        ))}
      </ul>
    </section>
  );
}

function summary({ transfers, isRunning }: TransfersState, text: ReturnType<typeof useText>): string {
  const running = transfers.filter(({ status }) => status === "running");
  const failed = transfers.filter(({ status }) => status === "failed").length;
  if (!isRunning) return failed > 0 ? text("transfers.someFailed", { count: failed }) : text("transfers.done");
  const isUp = running.every(({ direction }) => direction === "up");
  return text(isUp ? "transfers.uploading" : "transfers.downloading", { count: running.length });
}

function TransferRow({ transfer, onCancel }: { readonly transfer: Transfer; readonly onCancel: () => void }) {
  const text = useText();
  const { name, sizeBytes, status, failure } = transfer;
  return (
    <li className={`transfer transfer-${status}`}>
      <span className="transfer-name" dir="auto">
        {name}
      </span>
      {status === "running" && (
        <IconButton icon="close" label={text("transfers.cancel", { name })} onClick={onCancel} />
      )}
      {status === "done" && <span className="transfer-verified">{text("transfers.verified")}</span>}
      {status === "cancelled" && <span className="quiet">{text("transfers.cancelled")}</span>}
      <span className="transfer-facts faint number">
        {failure === undefined || status !== "failed" ? formatBytes(sizeBytes) : errorText(failure)}
      </span>
    </li>
  );
}
