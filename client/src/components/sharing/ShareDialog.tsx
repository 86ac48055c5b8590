import { useCallback, useState } from "react";
import { useSession } from "../../Contexts.tsx";
import { PEOPLE, useLive } from "../../lib/files/use-live.ts";
import type { InsideItems, ItemRef, LinkItem, MemberItem, Role } from "../../lib/session/index.ts";
import { errorText, useText } from "../../lib/text/index.ts";
import { Button } from "../controls/Button.tsx";
import { Check } from "../controls/Check.tsx";
import { Dialog } from "../controls/Dialog.tsx";
import { LinkSection } from "../links/LinkSection.tsx";
import { RevokeQuestion } from "../links/RevokeQuestion.tsx";
import { Notice } from "../page/Notice.tsx";
import { ActivityList } from "./ActivityList.tsx";
import { AddPerson } from "./AddPerson.tsx";
import { HandOverQuestion } from "./HandOverQuestion.tsx";
import { InsideChanges } from "./InsideChanges.tsx";
import { InviteSection } from "./InviteSection.tsx";
import { KeptOut } from "./KeptOut.tsx";
import { MemberRow } from "./MemberRow.tsx";
import { Reencryption } from "./Reencryption.tsx";
import { type Removal, RemovalQuestion } from "./RemovalQuestion.tsx";
import "./ShareDialog.css";

export interface ShareDialogProps {
  readonly folder: ItemRef;
  /** It is a file, and no folder. */
  readonly isFile: boolean;
  readonly onClose: () => void;
}

/** Who is in a folder, or has a file, and for whoever may decide that, everything about it. Other keys than the known ones stop it all. */
export function ShareDialog({ folder, isFile, onClose }: ShareDialogProps) {
  const text = useText();
  const session = useSession();
  const { parentId, id, name } = folder;
  const read = useCallback(() => session.engine.sharing.members({ parentId, id, name }), [session, parentId, id, name]);
  const { view: members, failure } = useLive(session, read, PEOPLE);
  const [removal, setRemoval] = useState<Removal>();
  const [heir, setHeir] = useState<string>();
  const [revoked, setRevoked] = useState<LinkItem>();
  const [isWorking, setWorking] = useState(false);
  const [problem, setProblem] = useState<string>();
  const [inside, setInside] = useState<InsideItems>();
  const [withVersions, setWithVersions] = useState(false);
  const isNew = members?.length === 0;
  const share = async (person: string, role: Exclude<Role, "owner">): Promise<void> => {
    setInside(await session.engine.sharing.share(folder, { person, role, withVersions: isNew && withVersions }));
  };
  const trying = async (work: () => Promise<void>): Promise<boolean> => {
    setWorking(true);
    setProblem(undefined);
    const failure = await work().then(
      () => undefined,
      (error: unknown) => errorText(error),
    );
    setProblem(failure);
    setWorking(false);
    return failure === undefined;
  };
  const ownRole = members?.find(({ isSelf }) => isSelf)?.role ?? "owner";
  const decides = ownRole === "owner" || ownRole === "manager";
  const others = members?.filter(({ isSelf }) => !isSelf) ?? [];
  const mayChange = ({ role }: MemberItem): boolean =>
    ownRole === "owner" ? role !== "owner" : ownRole === "manager" && (role === "viewer" || role === "editor");
  if (removal !== undefined) {
    const back = (): void => setRemoval(undefined);
    return <RemovalQuestion folder={folder} isFile={isFile} removal={removal} onBack={back} onClose={onClose} />;
  }
  if (heir !== undefined) {
    return <HandOverQuestion folder={folder} name={heir} onBack={() => setHeir(undefined)} onClose={onClose} />;
  }
  if (revoked !== undefined) {
    return <RevokeQuestion link={revoked} onBack={() => setRevoked(undefined)} onClose={onClose} />;
  }
  return (
    <Dialog title={text(decides ? "sharing.title" : "sharing.membersTitle", { name })} isOpen onClose={onClose}>
      {failure !== undefined && <Notice kind="bad">{errorText(failure)}</Notice>}
      {failure === undefined && decides && <AddPerson hasManager={ownRole === "owner"} onShare={share} />}
      {failure === undefined && decides && isNew && (
        <Check label={text("sharing.withVersions")} isChecked={withVersions} onChecked={setWithVersions} />
      )}
      {problem !== undefined && <Notice kind="bad">{problem}</Notice>}
      <InsideChanges inside={inside} what="shared" />
      {failure === undefined && members === undefined && <p className="faint">{text("settings.loading")}</p>}
      {failure === undefined && members !== undefined && (
        <section className="members" aria-label={text("sharing.access")}>
          <h3 className="quiet">{text("sharing.access")}</h3>
          {others.length === 0 && <p className="quiet">{text("sharing.nobody")}</p>}
          <ul>
            {[...members.filter(({ isSelf }) => isSelf), ...others].map((member) => (
              <MemberRow
                key={member.name}
                member={member}
                mayChange={mayChange(member)}
                hasManager={ownRole === "owner"}
                isWorking={isWorking}
                onRole={(role) => void trying(() => share(member.name, role))}
                onResend={() => trying(() => session.engine.sharing.resend(folder, member.name))}
                onOwner={ownRole === "owner" ? () => setHeir(member.name) : undefined}
                onRemove={() => setRemoval({ names: [member.name], isInvited: member.answer === "invited" })}
              />
            ))}
          </ul>
          {!(isNew || isFile) && <KeptOut folder={folder} />}
        </section>
      )}
      {failure === undefined && members !== undefined && decides && (
        <InviteSection folder={folder} withVersions={isNew && withVersions} onWithdraw={setRevoked} />
      )}
      {failure === undefined && members !== undefined && decides && (
        <LinkSection folder={folder} isFile={isFile} withVersions={isNew && withVersions} onRevoke={setRevoked} />
      )}
      {failure === undefined && members !== undefined && members.length > 0 && <ActivityList folder={folder} />}
      {failure === undefined && members !== undefined && members.length > 0 && decides && (
        <Reencryption folder={folder} />
      )}
      <div className="dialog-actions members-actions">
        {failure === undefined && ownRole === "owner" && members !== undefined && members.length > 0 && (
          <Button onClick={() => setRemoval({ names: others.map((each) => each.name), isAll: true })}>
            {text("sharing.stop")}
          </Button>
        )}
        <Button kind="primary" onClick={onClose}>
          {text("app.close")}
        </Button>
      </div>
    </Dialog>
  );
}
