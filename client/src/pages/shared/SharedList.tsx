import { useCallback, useState } from "react";
import { Link } from "react-router-dom";
import { useSession } from "../../Contexts.tsx";
import { Button } from "../../components/controls/Button.tsx";
import { Icon } from "../../components/controls/Icon.tsx";
import { Empty, ToFiles } from "../../components/page/Empty.tsx";
import { Notice } from "../../components/page/Notice.tsx";
import { LeaveDialog } from "../../components/sharing/LeaveDialog.tsx";
import { useOffers } from "../../components/sharing/Offers.tsx";
import { ShareDialog } from "../../components/sharing/ShareDialog.tsx";
import { type ItemKind, kindOf } from "../../lib/files/kind-of.ts";
import { useLive } from "../../lib/files/use-live.ts";
import type { SharedItem } from "../../lib/session/index.ts";
import { errorText, useText } from "../../lib/text/index.ts";
import { viewHash } from "../../lib/viewing/address.ts";

/** One whose role cannot be read is none that was made here. */
function isOwn({ view }: SharedItem): boolean {
  return view?.role === "owner";
}

export function SharedList({ isMine }: { readonly isMine: boolean }) {
  const text = useText();
  const session = useSession();
  const read = useCallback(() => session.engine.sharing.folders(), [session]);
  const { view, failure } = useLive(session, read);
  const { view: offers } = useOffers();
  const [asked, setAsked] = useState<{ readonly what: "people" | "leave"; readonly item: SharedItem }>();
  const items = view?.filter((item) => isOwn(item) === isMine);
  const isEmpty = items?.length === 0 && (isMine || (offers?.invitations.length ?? 0) === 0);
  const close = (): void => setAsked(undefined);
  return (
    <>
      {failure !== undefined && <Notice kind="bad">{errorText(failure)}</Notice>}
      {view === undefined && failure === undefined && <p className="faint">{text("settings.loading")}</p>}
      {isEmpty && (
        <Empty
          icon="people"
          title={text(isMine ? "sharing.noneByMe" : "sharing.noneWithMe")}
          lead={text(isMine ? "sharing.noneByMeLead" : "sharing.noneWithMeLead")}
        >
          {isMine && <ToFiles />}
        </Empty>
      )}
      <ul className="shared-list">
        {items?.map((item) => (
          <li key={item.id}>
            <span className={`tile tile-${pictureOf(item)}`}>
              <Icon name={pictureOf(item)} />
            </span>
            <p>
              {item.view === undefined ? (
                <span dir="auto">{item.name}</span>
              ) : (
                <Link dir="auto" to={item.isFile ? viewHash(item) : `/files/${item.id}`}>
                  {item.name}
                </Link>
              )}
              <SharedFacts item={item} />
            </p>
            {item.view !== undefined && (
              <Button
                icon="people"
                aria-label={`${text("sharing.people")} ${item.name}`}
                onClick={() => setAsked({ what: "people", item })}
              >
                {text("sharing.people")}
              </Button>
            )}
            {!isMine && (
              <Button
                icon="leave"
                aria-label={`${text("sharing.leave")} ${item.name}`}
                onClick={() => setAsked({ what: "leave", item })}
              >
                {text("sharing.leave")}
              </Button>
            )}
          </li>
        ))}
      </ul>
      {asked?.what === "people" && <ShareDialog folder={asked.item} isFile={asked.item.isFile} onClose={close} />}
      {asked?.what === "leave" && <LeaveDialog folder={asked.item} onClose={close} />}
    </>
  );
}

function pictureOf({ name, isFile }: SharedItem): ItemKind {
  return kindOf({ name, type: isFile ? "file" : "folder" });
}

function SharedFacts({ item: { view, failure } }: { readonly item: SharedItem }) {
  const text = useText();
  if (view === undefined) {
    const isOver = failure === undefined || failure.code === "volume_missing";
    return <small className="shared-over">{isOver ? text("sharing.ended") : errorText(failure)}</small>;
  }
  const { role, owner, others } = view;
  const facts =
    role === "owner"
      ? [others.length === 0 ? text("sharing.onlyYou") : text("sharing.withPeople", { names: others.join(", ") })]
      : [text("sharing.fromOwner", { name: owner.name }), text(`sharing.roles.${role}`)];
  return <small className="faint">{facts.join(" · ")}</small>;
}
