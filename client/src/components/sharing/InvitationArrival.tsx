import "../../lib/text/later.ts";
import { useCallback, useState } from "react";
import { useSession } from "../../Contexts.tsx";
import { useLive } from "../../lib/files/use-live.ts";
import { type EngineEvent, nameHere } from "../../lib/session/index.ts";
import { folderInvitation, forgetFolderInvitation } from "../../lib/session/taken-invitation.ts";
import { errorText, useText } from "../../lib/text/index.ts";
import { Button } from "../controls/Button.tsx";
import { Dialog } from "../controls/Dialog.tsx";
import { useSubmit } from "../controls/use-submit.ts";
import { Notice } from "../page/Notice.tsx";
import "./ShareDialog.css";

/** The invitation into a folder that was taken up on its page: asked about as soon as there is a drive, until it was answered. */
export function InvitationArrival() {
  const [address, setAddress] = useState(folderInvitation);
  if (address === undefined) return null;
  const close = (): void => {
    forgetFolderInvitation();
    setAddress(undefined);
  };
  return <TakeUp address={address} onClose={close} />;
}

const NEVER: readonly EngineEvent["type"][] = ["online"];

interface TakeUpProps {
  readonly address: string;
  readonly onClose: () => void;
}

/** Who invites to what, as the folder itself says, and in whose name it is taken up. */
function TakeUp({ address, onClose }: TakeUpProps) {
  const text = useText();
  const session = useSession();
  const read = useCallback(() => session.engine.claims.look(address), [session, address]);
  const { view: found, failure } = useLive(session, read, NEVER);
  const [isTaken, setTaken] = useState(false);
  const { isWorking, problem, onSubmit } = useSubmit(async () => {
    await session.engine.claims.take(address);
    setTaken(true);
  });
  const name = found?.by.name ?? "";
  const refusal = problem ?? (failure && errorText(failure));
  const isOver = isTaken || refusal !== undefined || found?.isInside === true;
  return (
    <Dialog title={text("invitations.takeTitle")} isOpen onClose={onClose}>
      {refusal !== undefined && <Notice kind="bad">{refusal}</Notice>}
      {refusal === undefined && found === undefined && <p className="faint">{text("settings.loading")}</p>}
      {refusal === undefined && found !== undefined && (
        <>
          <div className="found-person-head" role="status">
            <span className="person-disc" aria-hidden="true">
              {name.charAt(0).toUpperCase()}
            </span>
            <strong dir="auto">
              {text(isTaken ? "invitations.waitsFor" : "invitations.invitesYou", {
                name,
                folder: found.label ?? text("sharing.folder"),
                role: text(`sharing.roles.${found.role}`),
              })}
            </strong>
          </div>
          <p className="quiet">
            {isTaken && text("invitations.waitsLead", { name })}
            {!isTaken && found.isInside && text("errors.already_inside")}
            {!isTaken && !found.isInside && text("invitations.takeLead", { account: nameHere() })}
          </p>
        </>
      )}
      <form className="dialog-actions" onSubmit={onSubmit}>
        <Button kind={isOver ? "primary" : "plain"} onClick={onClose}>
          {text(isOver ? "app.close" : "files.cancel")}
        </Button>
        {!isOver && (
          <Button kind="primary" type="submit" disabled={isWorking || found === undefined}>
            {text("invitations.take")}
          </Button>
        )}
      </form>
    </Dialog>
  );
}
