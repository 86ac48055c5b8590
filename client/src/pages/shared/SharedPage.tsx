import { DrivePage } from "../../components/drive/DrivePage.tsx";
import { SharedViews } from "../../components/sharing/SharedViews.tsx";
import { useText } from "../../lib/text/index.ts";
import { InvitationList } from "./InvitationList.tsx";
import { SharedList } from "./SharedList.tsx";

/** Folders and files that others share with this person, with what they offer, or those that this person shares. */
export function SharedPage({ isMine }: { readonly isMine: boolean }) {
  const text = useText();
  return (
    <DrivePage head={<h1>{text(isMine ? "sharing.byMe" : "sharing.withMe")}</h1>}>
      <SharedViews />
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and who has no mouse scrolls it by keys */}
      <section className="shared-page" tabIndex={0} aria-label={text(isMine ? "sharing.byMe" : "sharing.withMe")}>
        {!isMine && <InvitationList />}
        <SharedList isMine={isMine} />
      </section>
    </DrivePage>
  );
}
