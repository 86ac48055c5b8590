import type { ReactNode } from "react";
import { Link } from "react-router-dom";
import { useText } from "../../lib/text/index.ts";
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
      {Boolean(children) && <div className="empty-actions">{children}</div>}
    </div>
  );
}

/** The way to the files, for places that are filled from there. */
export function ToFiles() {
  const text = useText();
  return (
    <Link className="button button-plain" to="/files">
      {text("files.toFiles")}
    </Link>
  );
}
