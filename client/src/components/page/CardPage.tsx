import { IonContent, IonPage } from "@ionic/react";
import type { ReactNode } from "react";
import { Mark } from "./Mark.tsx";
import "./CardPage.css";

export interface CardPageProps {
  readonly title: string;
  readonly lead?: string | undefined;
  readonly children: ReactNode;
}

/** A page that is one card: everything before the drive is open. */
export function CardPage({ title, lead, children }: CardPageProps) {
  return (
    <IonPage>
      <IonContent>
        <div className="card-page">
          <div className="card">
            <div className="card-head">
              <Mark size={36} />
              <h1>{title}</h1>
            </div>
            {lead !== undefined && <p className="quiet card-lead">{lead}</p>}
            {children}
          </div>
        </div>
      </IonContent>
    </IonPage>
  );
}
