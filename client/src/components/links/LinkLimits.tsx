import { formatDateTime, useText } from "../../lib/text/index.ts";
import { Field } from "../controls/Field.tsx";
import { EndSelect } from "./EndSelect.tsx";

const DAY_MS = 86_400_000;
const DAYS = [1, 7, 30, 365];
const LARGEST_MAX = 1_000_000;
const NEVER = 0;
const AS_IT_IS = -1;

/** As somebody chose and typed them. */
export interface Limits {
  readonly days: number;
  readonly max: string;
}

/** Of a link that has these, or of a new one. */
export function limitsOf(link?: {
  readonly expiresMs: number | undefined;
  readonly maxDownloads: number | undefined;
}): Limits {
  return { days: link?.expiresMs === undefined ? NEVER : AS_IT_IS, max: link?.maxDownloads?.toString() ?? "" };
}

/** undefined: it stays as it is; null: never. */
export function endOf({ days }: Limits): number | null | undefined {
  if (days === AS_IT_IS) return undefined;
  return days === NEVER ? null : Date.now() + days * DAY_MS;
}

/** null: no limit. */
export function mostOf({ max }: Limits): number | null {
  return max === "" ? null : Number(max);
}

export function isBadMax({ max }: Limits): boolean {
  return max !== "" && !(/^\d{1,7}$/.test(max) && Number(max) >= 1 && Number(max) <= LARGEST_MAX);
}

export interface LinkLimitsProps {
  readonly limits: Limits;
  /** Of a link that has one. */
  readonly expiresMs?: number | undefined;
  readonly onLimits: (limits: Limits) => void;
}

/** How long a link lets people in, and how many of them. */
export function LinkLimits({ limits, expiresMs, onLimits }: LinkLimitsProps) {
  const text = useText();
  const isBad = isBadMax(limits);
  return (
    <>
      <div className="new-link-limits">
        <EndSelect value={limits.days} days={DAYS} onChoose={(days) => onLimits({ ...limits, days })}>
          {expiresMs !== undefined && <option value={AS_IT_IS}>{formatDateTime(expiresMs)}</option>}
          <option value={NEVER}>{text("links.form.never")}</option>
        </EndSelect>
        <Field
          label={text("links.form.max")}
          hint={text(isBad ? "links.form.badMax" : "links.form.maxHint")}
          value={limits.max}
          onValue={(typed) => onLimits({ ...limits, max: typed.trim() })}
          aria-invalid={isBad}
          inputMode="numeric"
          autoComplete="off"
        />
      </div>
      {(limits.days !== NEVER || limits.max !== "") && <p className="faint">{text("links.form.held")}</p>}
    </>
  );
}
