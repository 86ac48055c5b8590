import { IonApp } from "@ionic/react";
import { IonReactRouter } from "@ionic/react-router";
import "./components/controls/ionic.ts";
import { Drive } from "./Drive.tsx";
import { ROUTER_AS_OF_7 } from "./router.ts";

/** An open drive, and Ionic, which nothing needs before. */
export function DriveApp() {
  return (
    <IonApp>
      <IonReactRouter future={ROUTER_AS_OF_7}>
        <Drive />
      </IonReactRouter>
    </IonApp>
  );
}
