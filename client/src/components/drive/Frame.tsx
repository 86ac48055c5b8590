import { type ReactNode, useRef } from "react";
import { Link, useLocation } from "react-router-dom";
import { type TextKey, useText } from "../../lib/text/index.ts";
import { Icon, type IconName } from "../controls/Icon.tsx";
import { LinkToast } from "../links/LinkToast.tsx";
import { Mark } from "../page/Mark.tsx";
import { ArrivalToast } from "../requests/ArrivalToast.tsx";
import { useRequests } from "../requests/Requests.tsx";
import { ContactArrival } from "../sharing/ContactArrival.tsx";
import { InvitationArrival } from "../sharing/InvitationArrival.tsx";
import { useOffers } from "../sharing/Offers.tsx";
import { TransferDialogs } from "../transfers/TransferDialogs.tsx";
import { TransferPanel } from "../transfers/TransferPanel.tsx";
import { MoreTab } from "./MoreTab.tsx";
import { SavedToast } from "./SavedToast.tsx";
import { SearchField } from "./SearchField.tsx";
import { StorageMeter } from "./StorageMeter.tsx";
import { UndoToast } from "./UndoToast.tsx";
import { useSearchKey } from "./use-search-key.ts";
import "./Frame.css";

interface Destination {
  readonly to: string;
  readonly icon: IconName;
  readonly label: TextKey;
  /** Where there is little room. */
  readonly short?: TextKey;
  readonly isTab?: boolean;
  readonly isBeside?: boolean;
  readonly isMore?: boolean;
  readonly isOffers?: boolean;
  readonly isInbox?: boolean;
}

/**
 * isTab: on phones only; elsewhere the field above them leads there. isBeside: not on phones, where the page before it leads
 * there. isMore: not on phones, where the last tab has them in a menu. isOffers: says how many invitations wait. isInbox: how
 * many files of strangers do.
 */
const PLACES: readonly Destination[] = [
  { to: "/files", icon: "folder", label: "nav.files", short: "nav.filesTab" },
  { to: "/recent", icon: "clock", label: "found.recent", isMore: true },
  { to: "/starred", icon: "star", label: "found.starred", isMore: true },
  { to: "/shared-with-me", icon: "people", label: "sharing.withMe", short: "sharing.tab", isOffers: true },
  { to: "/shared-by-me", icon: "personAdd", label: "sharing.byMe", isBeside: true },
  { to: "/links", icon: "link", label: "links.place", isBeside: true },
  { to: "/requests", icon: "inbox", label: "requests.place", isInbox: true },
  { to: "/search", icon: "search", label: "found.tab", isTab: true },
  { to: "/trash", icon: "trash", label: "nav.trash", isMore: true },
];

const MORE = PLACES.filter(({ isMore }) => isMore);

/** Places that phones reach from "Shared". */
const BESIDE_SHARED = /^\/(shared-by-me|links)/;

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
          {PLACES.map((place) => (
            <li key={place.to} className={roomOf(place)}>
              <Link
                className="place"
                to={place.to}
                aria-current={pathname.startsWith(place.to) ? "page" : undefined}
                data-beside={place.isOffers && BESIDE_SHARED.test(pathname) ? "" : undefined}
              >
                <Icon name={place.icon} />
                <span className={place.short && "place-long"}>{text(place.label)}</span>
                {place.short && <span className="place-short">{text(place.short)}</span>}
                {place.isOffers && <OfferCount />}
                {place.isInbox && <InboxCount />}
              </Link>
            </li>
          ))}
          <li className="place-tab">
            <MoreTab places={MORE} />
          </li>
        </ul>
        <StorageMeter />
      </nav>
      <div className="frame-main">
        {children}
        <UndoToast />
        <ArrivalToast />
        <SavedToast />
        <LinkToast />
        <ContactArrival />
        <InvitationArrival />
        <TransferPanel />
        <TransferDialogs />
      </div>
    </div>
  );
}

function roomOf(place: Destination): string | undefined {
  if (place.isTab) return "place-tab";
  return place.isBeside || place.isMore ? "place-wide" : undefined;
}

/** How many invitations wait for an answer. */
function OfferCount() {
  return <Count count={useOffers().view?.invitations.length ?? 0} label="sharing.openInvitations" />;
}

/** How many files wait in inboxes of upload requests. */
function InboxCount() {
  const waiting = useRequests().view?.map((request) => request.waiting) ?? [];
  return <Count count={waiting.reduce((sum, count) => sum + count, 0)} label="requests.waiting" />;
}

function Count({ count, label }: { readonly count: number; readonly label: TextKey }) {
  const text = useText();
  if (count === 0) return null;
  return (
    <b className="offer-count">
      <span aria-hidden="true">{count}</span>
      <span className="visually-hidden">{text(label, { count })}</span>
    </b>
  );
}
