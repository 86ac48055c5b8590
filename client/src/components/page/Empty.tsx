import type { ReactNode } from "react";
import { Icon, type IconName } from "../controls/Icon.tsx";
import "./Empty.css";

export interface EmptyProps {
  readonly icon: IconName;
  readonly title: string;
  readonly lead: string;
  readonly children?: ReactNode;
}

/** Nothing to show: why, and what to do. */
export function Empty({ icon, title, lead, children }: EmptyProps) {
  return (
    <div className="empty">
      <span className="empty-icon">
        <Icon name={icon} />
      </span>
      <h2>{title}</h2>
      <p className="quiet">{lead}</p>
      {children}
    </div>
  );
}
