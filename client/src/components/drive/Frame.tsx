import { type ReactNode, useRef } from "react";
import { Link, useLocation } from "react-router-dom";
import { useText } from "../../lib/text/index.ts";
import { Icon, type IconName } from "../controls/Icon.tsx";
import { Mark } from "../page/Mark.tsx";
import { TransferDialogs } from "../transfers/TransferDialogs.tsx";
import { TransferPanel } from "../transfers/TransferPanel.tsx";
import { SavedToast } from "./SavedToast.tsx";
import { SearchField } from "./SearchField.tsx";
import { StorageMeter } from "./StorageMeter.tsx";
import { UndoToast } from "./UndoToast.tsx";
import { useSearchKey } from "./use-search-key.ts";
import "./Frame.css";

/** isTab: on phones only; elsewhere the field above them leads there. */
const PLACES = [
  { to: "/files", icon: "folder", label: "nav.files" },
  { to: "/recent", icon: "clock", label: "found.recent" },
  { to: "/starred", icon: "star", label: "found.starred" },
  { to: "/search", icon: "search", label: "found.tab", isTab: true },
  { to: "/trash", icon: "trash", label: "nav.trash" },
] as const satisfies readonly { to: string; icon: IconName; label: string; isTab?: boolean }[];

/** What stands around every page of the drive: places at the side, on phones below, and what is on its way. */
export function Frame({ children }: { readonly children: ReactNode }) {
  const text = useText();
  const { pathname } = useLocation();
  const places = useRef<HTMLElement>(null);
  const field = useRef<HTMLInputElement>(null);
  useSearchKey(places, field);
  return (
    <div className="frame">
      <nav className="places" ref={places} aria-label={text("nav.label")}>
        <div className="brand">
          <Mark />
          {text("app.name")}
        </div>
        <SearchField field={field} />
        <ul>
          {PLACES.map(({ to, icon, label, ...rest }) => (
            <li key={to} className={"isTab" in rest ? "place-tab" : undefined}>
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
        <SavedToast />
        <TransferPanel />
        <TransferDialogs />
      </div>
    </div>
  );
}
