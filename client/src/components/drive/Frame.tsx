import type { ReactNode } from "react";
import { Link, useLocation } from "react-router-dom";
import { useText } from "../../lib/text/index.ts";
import { Icon, type IconName } from "../controls/Icon.tsx";
import { Mark } from "../page/Mark.tsx";
import { TransferDialogs } from "../transfers/TransferDialogs.tsx";
import { TransferPanel } from "../transfers/TransferPanel.tsx";
import { StorageMeter } from "./StorageMeter.tsx";
import { UndoToast } from "./UndoToast.tsx";
import "./Frame.css";

const PLACES = [
  { to: "/files", icon: "folder", label: "nav.files" },
  { to: "/trash", icon: "trash", label: "nav.trash" },
] as const satisfies readonly { to: string; icon: IconName; label: string }[];

/** What stands around every page of the drive: places at the side, on phones below, and what is on its way. */
export function Frame({ children }: { readonly children: ReactNode }) {
  const text = useText();
  const { pathname } = useLocation();
  return (
    <div className="frame">
      <nav className="places" aria-label={text("nav.label")}>
        <div className="brand">
          <Mark />
          {text("app.name")}
        </div>
        <ul>
          {PLACES.map(({ to, icon, label }) => (
            <li key={to}>
              <Link to={to} aria-current={pathname.startsWith(to) ? "page" : undefined}>
                <Icon name={icon} />
                <span>{text(label)}</span>
              </Link>
            </li>
          ))}
        </ul>
        <StorageMeter />
      </nav>
      <div className="frame-main">
        {children}
        <UndoToast />
        <TransferPanel />
        <TransferDialogs />
      </div>
    </div>
  );
}
