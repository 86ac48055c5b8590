import { IonPopover } from "@ionic/react";
import { type KeyboardEvent, useEffect, useRef } from "react";
import { Icon, type IconName } from "./Icon.tsx";
import { useBack } from "./use-back.ts";
import "./ionic.ts";
import "./Menu.css";

export interface MenuAction {
  readonly label: string;
  readonly icon: IconName;
  readonly onChoose: () => void;
  /** Of several of which one holds: whether this is it. */
  readonly isChosen?: boolean;
}

export interface MenuProps {
  /** Where it opens; undefined: closed. */
  readonly at: Event | undefined;
  readonly label: string;
  readonly actions: readonly MenuAction[];
  readonly onClose: () => void;
}

/** Actions on something, beside it. Arrows move, Enter chooses, Escape closes. */
export function Menu({ at, label, actions, onClose }: MenuProps) {
  const isOpen = at !== undefined;
  const isStillOpen = useRef(isOpen);
  useEffect(() => {
    isStillOpen.current = isOpen;
  }, [isOpen]);
  useBack(isOpen, onClose);
  // It says so as well when it was closed by a choice, and then something else may be open already.
  const dismissed = (): void => {
    if (isStillOpen.current) onClose();
  };
  const choose = (action: MenuAction): void => {
    onClose();
    action.onChoose();
  };
  return (
    <IonPopover
      className="menu"
      role="dialog"
      aria-label={label}
      isOpen={isOpen}
      event={at}
      // Under the button that opened it; where a pointer asked, at that place.
      reference={at?.type === "contextmenu" ? "event" : "trigger"}
      onDidDismiss={dismissed}
      showBackdrop={false}
      arrow={false}
      animated={false}
    >
      <div className="menu-list" role="menu" aria-label={label} onKeyDown={moveFocus}>
        {actions.map((action) => (
          <button
            key={action.label}
            type="button"
            {...(action.isChosen === undefined
              ? { role: "menuitem" }
              : { role: "menuitemradio", "aria-checked": action.isChosen })}
            className="menu-item"
            onClick={() => choose(action)}
          >
            <Icon name={action.icon} />
            <span>{action.label}</span>
            {action.isChosen && <Icon name="check" />}
          </button>
        ))}
      </div>
    </IonPopover>
  );
}

function moveFocus(event: KeyboardEvent<HTMLElement>): void {
  const items = [...event.currentTarget.querySelectorAll("button")];
  const at = items.indexOf(document.activeElement as HTMLButtonElement);
  const next = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: items.length - 1 }[event.key];
  if (next === undefined) return;
  event.preventDefault();
  items[(next + items.length) % items.length]?.focus();
}
