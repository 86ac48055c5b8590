import { useVirtualizer } from "@tanstack/react-virtual";
import { useMemo, useRef } from "react";
import { useTransfers } from "../../Contexts.tsx";
import type { Transfer } from "../../lib/files/transfers.ts";
import { TransferRow } from "./TransferRow.tsx";

const ROW_PX = 56;
/** A failure has a sentence, of two lines at most. */
const FAILED_ROW_PX = 92;

/** Of any number of rows only those in sight exist. What wants somebody comes first, then what moves. */
export function TransferRows({ version }: { readonly version: number }) {
  const transfers = useTransfers();
  const scroller = useRef<HTMLDivElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: rows change in place, and the version says that they did
  const rows = useMemo(() => transfers.rows(), [transfers, version]);
  const list = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: (index) => (isTall(rows[index]) ? FAILED_ROW_PX : ROW_PX),
    getItemKey: (index) => `${rows[index]?.key} ${isTall(rows[index])}`,
    overscan: 4,
  });
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reachable by keyboard
    <div className="transfers-scroller" ref={scroller} tabIndex={0}>
      <ul style={{ height: list.getTotalSize() }}>
        {list.getVirtualItems().map(({ key, index, start, size }) => (
          <TransferRow
            key={key}
            transfer={rows[index] as Transfer}
            version={version}
            style={{ height: size, transform: `translateY(${start}px)` }}
          />
        ))}
      </ul>
    </div>
  );
}

function isTall(row: Transfer | undefined): boolean {
  return row?.status === "failed" || row?.status === "interrupted";
}
