import type { ReactNode } from "react";
import type { IconName } from "../../components/controls/Icon.tsx";
import { Empty } from "../../components/page/Empty.tsx";
import { type EngineFailure, isDamage } from "../../lib/session/index.ts";
import { errorText, formatPercent, useText } from "../../lib/text/index.ts";

export interface MessageProps {
  readonly icon?: IconName;
  readonly title: string;
  readonly lead: string;
  /** What to do; the first is the way on. */
  readonly children?: ReactNode;
}

/** Instead of the file: why it is not shown, and what to do. */
export function Message({ icon = "file", title, lead, children }: MessageProps) {
  return (
    <div className="viewer-message" role="status">
      <Empty icon={icon} title={title} lead={lead}>
        {children}
      </Empty>
    </div>
  );
}

export interface FailedProps {
  readonly failure: EngineFailure;
  readonly children?: ReactNode;
}

/** It could not be fetched, or is not what it was: a clear stop. */
export function Failed({ failure, children }: FailedProps) {
  const text = useText();
  if (!isDamage(failure)) {
    return (
      <Message icon="cloudOff" title={text("viewer.failedTitle")} lead={errorText(failure)}>
        {children}
      </Message>
    );
  }
  return (
    <Message icon="shield" title={text("viewer.damagedTitle")} lead={text("viewer.damagedLead")}>
      <p className="faint viewer-code">{failure.message}</p>
      {children}
    </Message>
  );
}

/** On its way, and how far. */
export function Loading({ share }: { readonly share: number }) {
  const text = useText();
  const percent = formatPercent(share);
  return (
    <div className="viewer-message" role="status">
      <div className="viewer-loading">
        <progress max={1} value={share} aria-label={text("viewer.loading")} />
        <span className="faint number">
          {share === 0 ? text("viewer.loading") : text("viewer.loadingShare", { percent })}
        </span>
      </div>
    </div>
  );
}
