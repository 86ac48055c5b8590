import { useVirtualizer } from "@tanstack/react-virtual";
import { type CSSProperties, useMemo, useRef } from "react";
import { IconButton } from "../../../components/controls/Button.tsx";
import { leftText } from "../../../components/transfers/left-text.ts";
import type { Outbox, OutboxState } from "../../../lib/files/outbox.ts";
import type { Transfer } from "../../../lib/files/transfer-list.ts";
import type { Said } from "../../../lib/session/index.ts";
import { errorText, formatBytes, formatPercent, formatSpeed, text, useText } from "../../../lib/text/index.ts";
import type { OpenedRequest } from "./use-request.ts";

const ROW_PX = 56;
/** A failure has a sentence. */
const FAILED_ROW_PX = 92;

export interface SendListProps {
  readonly request: OpenedRequest;
  readonly said: Said;
}

/** Every file that was chosen here, and all of them together. Of any number only those in sight exist. */
export function SendList({ request: { outbox, state }, said }: SendListProps) {
  useText();
  const { version, isMoving, isPaused, counts } = state;
  const scroller = useRef<HTMLDivElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: rows change in place, and the version says that they did
  const rows = useMemo(() => outbox.rows(), [outbox, version]);
  const list = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: (index) => (rows[index]?.status === "failed" ? FAILED_ROW_PX : ROW_PX),
    getItemKey: (index) => `${rows[index]?.key} ${rows[index]?.status === "failed"}`,
    overscan: 4,
  });
  const failed = rows.filter((row) => outbox.canRetry(row));
  const share = state.totalBytes === 0 ? 0 : Math.min(1, state.doneBytes / state.totalBytes);
  return (
    <section className="send-list" aria-label={text("requests.send.list")}>
      <div className="send-list-head">
        <strong aria-live="polite">{headline(state)}</strong>
        {isMoving && <span className="quiet number">{formatPercent(share)}</span>}
        {isMoving && (
          <>
            <IconButton
              icon={isPaused ? "play" : "pause"}
              label={text(isPaused ? "transfers.resume" : "transfers.pause")}
              onClick={() => (isPaused ? outbox.resume() : outbox.pause())}
            />
            <IconButton icon="close" label={text("transfers.cancelAll")} onClick={() => outbox.cancelAll()} />
          </>
        )}
        {!isMoving && counts.failed > 0 && failed.length > 0 && (
          <IconButton
            icon="restore"
            label={text("transfers.retryAll")}
            onClick={() => void outbox.retry(failed, said)}
          />
        )}
      </div>
      {isMoving && <progress max={1} value={share} aria-label={text("requests.send.moving")} />}
      {isMoving && <p className="send-speed faint number">{speedText(state)}</p>}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reachable by keyboard */}
      <div className="send-scroller" ref={scroller} tabIndex={0}>
        <ul style={{ height: list.getTotalSize() }}>
          {list.getVirtualItems().map(({ key, index, start, size }) => (
            <SendRow
              key={key}
              transfer={rows[index] as Transfer}
              outbox={outbox}
              said={said}
              style={{ height: size, transform: `translateY(${start}px)` }}
            />
          ))}
        </ul>
      </div>
    </section>
  );
}

interface SendRowProps {
  readonly transfer: Transfer;
  readonly outbox: Outbox;
  readonly said: Said;
  readonly style: CSSProperties;
}

function SendRow({ transfer, outbox, said, style }: SendRowProps) {
  const { name, status, sizeBytes, doneBytes, failure } = transfer;
  const isChosen = outbox.isChosen(transfer);
  const isOpen = status === "waiting" || status === "running";
  const label = text(isChosen ? "requests.send.remove" : "transfers.cancel", { name });
  return (
    <li className={`send-row send-${status}`} style={style}>
      <span className="send-name" dir="auto" title={name}>
        {name}
      </span>
      <span className="send-status">{statusText(transfer, { isChosen, isPaused: outbox.state.isPaused })}</span>
      {isOpen && <IconButton icon="close" label={label} onClick={() => outbox.cancel([transfer])} />}
      {outbox.canRetry(transfer) && (
        <IconButton
          icon="restore"
          label={text("transfers.retry", { name })}
          onClick={() => void outbox.retry([transfer], said)}
        />
      )}
      <span className="send-facts faint number">
        {status === "failed" && failure !== undefined
          ? errorText(failure)
          : status === "running"
            ? text("transfers.progress", { done: formatBytes(doneBytes), all: formatBytes(sizeBytes) })
            : formatBytes(sizeBytes)}
      </span>
      {status === "running" && sizeBytes > 0 && <progress max={sizeBytes} value={doneBytes} aria-label={name} />}
    </li>
  );
}

/** Read out when it changes. */
function headline({ isMoving, isPaused, counts, chosen }: OutboxState): string {
  if (isMoving) return text(isPaused ? "requests.send.paused" : "requests.send.moving");
  if (counts.failed > 0) return text("requests.send.someFailed", { count: counts.failed });
  if (chosen.files > 0 || counts.done === 0) return text("requests.send.list");
  return text("requests.send.over");
}

function statusText(
  { status }: Transfer,
  { isChosen, isPaused }: { readonly isChosen: boolean; readonly isPaused: boolean },
): string {
  if (isChosen) return text("requests.send.chosen");
  if (status === "done") return text("requests.send.there");
  if (status === "waiting") return text(isPaused ? "transfers.pausedRow" : "transfers.waiting");
  if (status === "failed" || status === "cancelled") return text(`transfers.${status}`);
  return "";
}

function speedText({ bytesPerSecond, totalBytes, doneBytes }: OutboxState): string {
  if (bytesPerSecond === undefined || bytesPerSecond <= 0) return "\u00a0";
  const left = leftText((totalBytes - doneBytes) / bytesPerSecond);
  return text("transfers.speed", { speed: formatSpeed(bytesPerSecond), left });
}
