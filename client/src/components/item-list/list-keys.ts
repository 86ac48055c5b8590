import type { How } from "./selection.ts";

export interface KeyPressed {
  readonly key: string;
  readonly shiftKey: boolean;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
}

export interface ListShape {
  readonly count: number;
  /** Items beside each other: 1 in a list. */
  readonly columns: number;
  /** Rows that fit on the screen. */
  readonly pageRows: number;
  readonly isRightToLeft: boolean;
}

/** Where a key leads; undefined: it is no key that moves. Without a focus, moving begins at the first item. */
export function stepOf(
  { key, altKey }: KeyPressed,
  from: number | undefined,
  { count, columns, pageRows, isRightToLeft }: ListShape,
): number | undefined {
  if (altKey || count === 0) return undefined;
  const last = count - 1;
  const sideways = columns > 1 ? (isRightToLeft ? -1 : 1) : undefined;
  const steps: Readonly<Record<string, number | undefined>> = {
    ArrowDown: columns,
    ArrowUp: -columns,
    ArrowRight: sideways,
    ArrowLeft: sideways && -sideways,
    PageDown: pageRows * columns,
    PageUp: -pageRows * columns,
  };
  if (key === "Home") return 0;
  if (key === "End") return last;
  const step = steps[key];
  if (step === undefined) return undefined;
  if (from === undefined) return 0;
  const next = from + step;
  // A step of one row past the end stays in its column.
  if (Math.abs(step) === columns && (next < 0 || next > last))
    return columns > 1 ? from : Math.min(last, Math.max(0, next));
  return Math.min(last, Math.max(0, next));
}

/** Shift extends, Ctrl or Cmd moves without choosing. */
export function howOf({ shiftKey, ctrlKey, metaKey }: KeyPressed): How {
  const isToggling = ctrlKey || metaKey;
  if (shiftKey) return isToggling ? "add-range" : "range";
  return isToggling ? "focus" : "only";
}
