import { useState } from "react";
import { useSession } from "../../Contexts.tsx";
import type { ContactItem } from "../../lib/session/index.ts";
import { errorText, useText } from "../../lib/text/index.ts";
import { Button } from "../controls/Button.tsx";
import { Field } from "../controls/Field.tsx";
import { useSubmit } from "../controls/use-submit.ts";
import { Notice } from "../page/Notice.tsx";
import { Compare } from "./Compare.tsx";
import { type GivenRole, RoleSelect } from "./RoleSelect.tsx";
import { TrustMark } from "./TrustMark.tsx";

export interface AddPersonProps {
  readonly hasManager: boolean;
  readonly onShare: (person: string, role: GivenRole) => Promise<void>;
}

/** First whose keys they are, then sharing: nobody gets a key whom one has not seen. */
export function AddPerson({ hasManager, onShare }: AddPersonProps) {
  const text = useText();
  const session = useSession();
  const [typed, setTyped] = useState("");
  const [role, setRole] = useState<GivenRole>("viewer");
  const [found, setFound] = useState<ContactItem>();
  const [isSharing, setSharing] = useState(false);
  const [refusal, setRefusal] = useState<string>();
  const { isWorking, problem, onSubmit } = useSubmit(async () => {
    setRefusal(undefined);
    setFound(undefined);
    setFound(await session.engine.sharing.lookUp(typed));
  });
  const type = (value: string): void => {
    setTyped(value);
    setFound(undefined);
    setRefusal(undefined);
  };
  const share = async (name: string): Promise<void> => {
    setSharing(true);
    setRefusal(undefined);
    try {
      await onShare(name, role);
      type("");
    } catch (error) {
      setRefusal(errorText(error));
      setFound(undefined);
    }
    setSharing(false);
  };
  const shown = refusal ?? problem;
  return (
    <div className="add-person">
      <form className="add-person-form" onSubmit={onSubmit}>
        <Field label={text("sharing.person")} value={typed} onValue={type} autoComplete="off" required />
        <Button type="submit" icon="search" disabled={isWorking || isSharing}>
          {text("sharing.lookUp")}
        </Button>
      </form>
      {shown !== undefined && <Notice kind="bad">{shown}</Notice>}
      {found !== undefined && (
        <div className="found-person">
          <div className="found-person-head" role="status">
            <span className="person-disc" aria-hidden="true">
              {found.name.charAt(0).toUpperCase()}
            </span>
            <strong>{found.name}</strong>
            <TrustMark isVerified={found.isVerified} />
          </div>
          {found.hasChanged && <Notice kind="plain">{text("sharing.newKeys", { name: found.name })}</Notice>}
          <Compare person={found} onVerified={() => setFound({ ...found, isVerified: true, hasChanged: false })} />
          <p className="faint">{text(`sharing.mayDo.${role}`)}</p>
          <div className="dialog-actions">
            <RoleSelect label={text("sharing.role")} value={role} hasManager={hasManager} onChoose={setRole} />
            <Button kind="primary" disabled={isSharing} onClick={() => void share(found.name)}>
              {text("sharing.invite", { name: found.name })}
            </Button>
          </div>
        </div>
      )}
    </div>
  );
}
