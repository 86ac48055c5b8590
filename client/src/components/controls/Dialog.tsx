import { IonModal } from "@ionic/react";
import type { ReactNode } from "react";
import { useText } from "../../lib/text/index.ts";
import { IconButton } from "./Button.tsx";
import { useBack } from "./use-back.ts";
import "./ionic.ts";
import "./Dialog.css";

export interface DialogProps {
  readonly title: string;
  readonly isOpen: boolean;
  readonly onClose: () => void;
  /** Once it can be seen: where the focus goes. */
  readonly onShown?: () => void;
  readonly children: ReactNode;
}

export function Dialog({ title, isOpen, onClose, onShown, children }: DialogProps) {
  const text = useText();
  useBack(isOpen, onClose);
  return (
    <IonModal
      className="dialog"
      isOpen={isOpen}
      onDidDismiss={onClose}
      onDidPresent={() => onShown?.()}
      aria-label={title}
    >
      <div className="dialog-body">
        <div className="dialog-head">
          <h2>{title}</h2>
          <IconButton icon="close" label={text("app.close")} onClick={onClose} />
        </div>
        {children}
      </div>
    </IonModal>
  );
}
