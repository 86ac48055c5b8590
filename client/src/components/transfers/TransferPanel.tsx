import { useEffect, useState, useSyncExternalStore } from "react";
import { useSession, useTransfers } from "../../Contexts.tsx";
import type { TransfersState } from "../../lib/files/transfers.ts";
import { formatNumber, formatPercent, formatSpeed, text, useText } from "../../lib/text/index.ts";
import { Button, IconButton } from "../controls/Button.tsx";
import { leftText } from "./left-text.ts";
import { TransferRows } from "./TransferRows.tsx";
import "./TransferPanel.css";

const NARROW = "(max-width: 760px)";

/** What is on its way, within reach on every page. */
export function TransferPanel() {
  useText();
  const session = useSession();
  const transfers = useTransfers();
  const state = useSyncExternalStore(transfers.subscribe, () => transfers.state);
  const [isOpen, setOpen] = useState(() => !matchMedia(NARROW).matches);
  const { counts, count, isActive, isPaused, totalBytes, doneBytes, found } = state;
  const wantsSomebody = counts.conflict + counts.interrupted > 0;
  useEffect(() => {
    if (wantsSomebody) setOpen(true);
  }, [wantsSomebody]);
  useEffect(() => {
    transfers.offerUnfinished().catch((error: unknown) => session.report(error));
  }, [transfers, session]);
  if (count === 0 && found === undefined) return null;
  const share = totalBytes === 0 ? (isActive ? 0 : 1) : Math.min(1, doneBytes / totalBytes);
  const failed = (): void => transfers.retry(transfers.rows().filter((row) => transfers.canRetry(row)));
  return (
    <section className="transfers" aria-label={text("transfers.label")}>
      <div className="transfers-head">
        <strong aria-live="polite">{headline(state)}</strong>
        {isActive && <span className="quiet number">{amount(state, share)}</span>}
        {isActive && (
          <>
            <IconButton
              icon={isPaused ? "play" : "pause"}
              label={text(isPaused ? "transfers.resume" : "transfers.pause")}
              onClick={() => (isPaused ? transfers.resume() : transfers.pause())}
            />
            <IconButton icon="close" label={text("transfers.cancelAll")} onClick={() => transfers.cancelAll()} />
          </>
        )}
        {!isActive && counts.failed > 0 && (
          <IconButton icon="restore" label={text("transfers.retryAll")} onClick={failed} />
        )}
        {!isActive && count > counts.interrupted && (
          <Button kind="ghost" onClick={() => transfers.clear()}>
            {text("transfers.clear")}
          </Button>
        )}
        <IconButton
          icon={isOpen ? "fold" : "unfold"}
          label={text(isOpen ? "transfers.hide" : "transfers.show")}
          aria-expanded={isOpen}
          onClick={() => setOpen(!isOpen)}
        />
      </div>
      {isActive && <progress max={1} value={share} aria-label={text("transfers.label")} />}
      {isActive && <p className="transfers-speed faint number">{speedText(state)}</p>}
      {isOpen && count > 0 && <TransferRows version={state.version} />}
    </section>
  );
}

/** Read out when it changes: it says how things stand, and the numbers stand beside it. */
function headline({ counts, isActive, isPaused, found }: TransfersState): string {
  if (found !== undefined) return text("transfers.looking");
  if (!isActive) return verdict(counts);
  if (isPaused) return text("transfers.paused");
  return text(counts.waiting + counts.running > 0 ? "transfers.moving" : "transfers.asking");
}

function amount({ counts, count, found }: TransfersState, share: number): string {
  if (found !== undefined) return formatNumber(found);
  const done = formatNumber(count - counts.waiting - counts.running - counts.conflict - counts.interrupted);
  return `${text("transfers.progress", { done, all: formatNumber(count - counts.interrupted) })} · ${formatPercent(share)}`;
}

function verdict({ failed, done, interrupted }: TransfersState["counts"]): string {
  if (interrupted > 0) return text("transfers.someInterrupted", { count: interrupted });
  if (failed > 0) return text("transfers.someFailed", { count: failed });
  return text(done > 0 ? "transfers.done" : "transfers.over");
}

function speedText({ bytesPerSecond, totalBytes, doneBytes, counts }: TransfersState): string {
  if (bytesPerSecond !== undefined && bytesPerSecond > 0) {
    const left = leftText((totalBytes - doneBytes) / bytesPerSecond);
    return text("transfers.speed", { speed: formatSpeed(bytesPerSecond), left });
  }
  return counts.conflict > 0 ? text("transfers.someAsk", { count: counts.conflict }) : "\u00a0";
}
