import { Button } from "../../../components/controls/Button.tsx";
import { Icon } from "../../../components/controls/Icon.tsx";
import { Notice } from "../../../components/page/Notice.tsx";
import { nameHere, type VisitView } from "../../../lib/session/index.ts";
import { goAndTakeUp } from "../../../lib/session/taken-invitation.ts";
import { useText } from "../../../lib/text/index.ts";

/** What is shown is an invitation: who made it, as they signed it, and the way to take it up. */
export function InvitedNotice({ visit, address }: { readonly visit: VisitView; readonly address: string }) {
  const text = useText();
  const { invitedBy: name, role, label } = visit;
  const folder = label || text("links.visit.folder");
  return (
    <Notice kind="seal">
      <Icon name="people" />
      <span dir="auto">{text("invitations.invitesYou", { name, folder, role: text(`sharing.roles.${role}`) })}</span>
      <Button kind="primary" onClick={() => goAndTakeUp(address)}>
        {text(nameHere() === undefined ? "invitations.withAccount" : "invitations.take")}
      </Button>
    </Notice>
  );
}
