import { useId, useState } from "react";
import { Choice } from "../../../components/controls/Choice.tsx";
import { useText } from "../../../lib/text/index.ts";

const HOUR_MS = 3_600_000;
const AGO = { hour: HOUR_MS, day: 24 * HOUR_MS, week: 7 * 24 * HOUR_MS } as const;

type Kind = keyof typeof AGO | "other";

export interface MomentChoiceProps {
  readonly timeMs: number;
  readonly onTimeMs: (timeMs: number) => void;
}

/** As the browser's field writes it: local time, without a zone. */
function toField(timeMs: number): string {
  const offsetMs = new Date(timeMs).getTimezoneOffset() * 60_000;
  return new Date(timeMs - offsetMs).toISOString().slice(0, 16);
}

/** A while ago, or any moment. */
export function MomentChoice({ timeMs, onTimeMs }: MomentChoiceProps) {
  const text = useText();
  const id = useId();
  const [kind, setKind] = useState<Kind>("hour");
  const choose = (chosen: Kind): void => {
    setKind(chosen);
    if (chosen !== "other") onTimeMs(Date.now() - AGO[chosen]);
  };
  return (
    <>
      <Choice
        label={text("rewind.when")}
        value={kind}
        options={(["hour", "day", "week", "other"] as const).map((value) => ({
          value,
          label: text(`rewind.${value}`),
        }))}
        onChoose={choose}
      />
      {kind === "other" && (
        <div className="field">
          <label htmlFor={id}>{text("rewind.moment")}</label>
          <div className="field-box">
            <input
              id={id}
              type="datetime-local"
              required
              value={toField(timeMs)}
              max={toField(Date.now())}
              onChange={({ target }) => {
                const typed = new Date(target.value).getTime();
                if (!Number.isNaN(typed)) onTimeMs(typed);
              }}
            />
          </div>
        </div>
      )}
    </>
  );
}
