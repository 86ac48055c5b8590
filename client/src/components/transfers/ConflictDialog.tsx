import { useEffect, useState } from "react";
import type { Transfer } from "../../lib/files/transfers.ts";
import type { ConflictKind, Decision } from "../../lib/session/index.ts";
import { formatBytes, formatDateTime, type TextKey, useText } from "../../lib/text/index.ts";
import { Button } from "../controls/Button.tsx";
import { Check } from "../controls/Check.tsx";
import { Dialog } from "../controls/Dialog.tsx";
import { Icon, type IconName } from "../controls/Icon.tsx";
import "./ConflictDialog.css";

interface Choice {
  readonly decision: Decision;
  readonly icon: IconName;
  readonly label: TextKey;
  readonly lead: TextKey;
}

const KEEP: Choice = { decision: "keep-both", icon: "plus", label: "conflict.keepBoth", lead: "conflict.keepBothLead" };
const SKIP: Choice = { decision: "skip", icon: "close", label: "conflict.skip", lead: "conflict.skipLead" };
const REPLACE: Choice = {
  decision: "replace",
  icon: "restore",
  label: "conflict.replace",
  lead: "conflict.replaceLead",
};
const MERGE: Choice = { decision: "merge", icon: "folder", label: "conflict.merge", lead: "conflict.mergeLead" };

const CHOICES: Readonly<Record<ConflictKind, readonly Choice[]>> = {
  file: [KEEP, REPLACE, SKIP],
  folder: [MERGE, KEEP, SKIP],
  mixed: [KEEP, SKIP],
};

export interface ConflictDialogProps {
  readonly transfer: Transfer;
  readonly onDecide: (decision: Decision, forAll: boolean) => void;
  readonly onLater: () => void;
}

/** A name that is taken: what is there, what comes, and what may happen. */
export function ConflictDialog({ transfer, onDecide, onLater }: ConflictDialogProps) {
  const text = useText();
  const [forAll, setForAll] = useState(false);
  const { key, name, conflict, modifiedMs, sizeBytes, isFolder } = transfer;
  // biome-ignore lint/correctness/useExhaustiveDependencies: each question begins without it
  useEffect(() => setForAll(false), [key]);
  if (conflict === undefined) return null;
  const { kind, there } = conflict;
  const title =
    kind === "mixed"
      ? text(isFolder ? "conflict.mixedFolder" : "conflict.mixedFile", { name })
      : text(`conflict.${kind}`, { name });
  return (
    <Dialog title={title} isOpen onClose={onLater}>
      <p className="quiet">{text("conflict.lead")}</p>
      {kind === "file" && (
        <dl className="conflict-facts number">
          <dt>{text("conflict.here")}</dt>
          <dd>{facts(there.sizeBytes, there.modifiedMs)}</dd>
          <dt>{text("conflict.coming")}</dt>
          <dd>{facts(sizeBytes, modifiedMs)}</dd>
        </dl>
      )}
      <ul className="conflict-choices">
        {CHOICES[kind].map(({ decision, icon, label, lead }) => (
          <li key={decision}>
            <button type="button" onClick={() => onDecide(decision, forAll)} aria-describedby={`conflict-${decision}`}>
              <Icon name={icon} />
              <strong>{text(label)}</strong>
            </button>
            <span id={`conflict-${decision}`} className="faint">
              {text(lead)}
            </span>
          </li>
        ))}
      </ul>
      <Check label={text("conflict.forAll")} isChecked={forAll} onChecked={setForAll} />
      <div className="dialog-actions">
        <Button onClick={onLater}>{text("conflict.later")}</Button>
      </div>
    </Dialog>
  );
}

function facts(sizeBytes: number, modifiedMs: number): string {
  return `${formatBytes(sizeBytes)} · ${formatDateTime(modifiedMs)}`;
}
