import type { ReactNode } from "react";
import { Mark } from "./Mark.tsx";
import "./CardPage.css";

export interface CardPageProps {
  readonly title: string;
  readonly lead?: string | undefined;
  readonly children: ReactNode;
}

/** A page that is one card: everything before the drive is open, and without Ionic, which comes with the drive. */
export function CardPage({ title, lead, children }: CardPageProps) {
  return (
    <main className="card-scroller">
      <div className="card-page">
        <div className="page-card">
          <div className="card-head">
            <Mark size={36} />
            <h1>{title}</h1>
          </div>
          {lead !== undefined && <p className="quiet card-lead">{lead}</p>}
          {children}
        </div>
      </div>
    </main>
  );
}
