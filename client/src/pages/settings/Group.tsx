import type { ReactNode } from "react";

export interface GroupProps {
  readonly title: string;
  readonly lead?: string;
  /** Its title is the section's, which stands at the head of the page already where there is one column. */
  readonly isFirst?: boolean;
  readonly children?: ReactNode;
}

/** What belongs together in a section. */
export function Group({ title, lead, isFirst = false, children }: GroupProps) {
  return (
    <section className="settings-group">
      <h2 className={isFirst ? "settings-first" : undefined}>{title}</h2>
      {lead !== undefined && <p className="quiet">{lead}</p>}
      {children}
    </section>
  );
}
