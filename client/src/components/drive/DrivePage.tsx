import { IonContent, IonPage } from "@ionic/react";
import type { ReactNode } from "react";
import { WordsReminder } from "../recovery-words/WordsReminder.tsx";
import { AccountMenu } from "./AccountMenu.tsx";
import { Problems } from "./Problems.tsx";
import "./DrivePage.css";

export interface DrivePageProps {
  /** Where one is: breadcrumbs, or a title. */
  readonly head: ReactNode;
  readonly actions?: ReactNode;
  /** Below: what is in it, counted. */
  readonly foot?: ReactNode;
  /** At its side, where there is room. */
  readonly aside?: ReactNode;
  readonly children: ReactNode;
}

/** One place of the drive: its name and actions above, what is in it, the count below. */
export function DrivePage({ head, actions, foot, aside, children }: DrivePageProps) {
  return (
    <IonPage>
      <IonContent scrollY={false}>
        <div className="drive-page">
          <div className="drive-main">
            <div className="drive-head">
              {head}
              {actions}
              <AccountMenu />
            </div>
            <Problems />
            <WordsReminder />
            {children}
            {foot !== undefined && <div className="drive-foot faint number">{foot}</div>}
          </div>
          {aside}
        </div>
      </IonContent>
    </IonPage>
  );
}
