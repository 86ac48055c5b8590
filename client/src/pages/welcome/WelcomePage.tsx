import { useNavigate } from "react-router-dom";
import { useSession } from "../../Contexts.tsx";
import { Button } from "../../components/controls/Button.tsx";
import { Icon } from "../../components/controls/Icon.tsx";
import { CardPage } from "../../components/page/CardPage.tsx";
import { Notice } from "../../components/page/Notice.tsx";
import { contactLink } from "../../lib/session/contact-link.ts";
import { folderInvitation } from "../../lib/session/taken-invitation.ts";
import { useText } from "../../lib/text/index.ts";
import { chosenServer, forgetServer, isApp } from "../../native/index.ts";

export function WelcomePage() {
  const text = useText();
  const navigate = useNavigate();
  const isInvited = useSession().invitation !== undefined;
  const leaveServer = (): void => {
    forgetServer();
    location.reload();
  };
  return (
    <CardPage title={text("welcome.title")} lead={text("welcome.lead")}>
      <div className="form">
        <Notice kind={isInvited ? "seal" : "plain"}>
          <Icon name="shield" />
          <span>{text(isInvited ? "welcome.invited" : "welcome.uninvited")}</span>
        </Notice>
        {folderInvitation() !== undefined && <Notice kind="seal">{text("welcome.folder")}</Notice>}
        {contactLink() !== undefined && <Notice kind="plain">{text("welcome.contact")}</Notice>}
        <Button kind={isInvited ? "primary" : "plain"} isWide onClick={() => navigate("/sign-up")}>
          {text("welcome.signUp")}
        </Button>
        <Button kind={isInvited ? "plain" : "primary"} isWide onClick={() => navigate("/sign-in")}>
          {text("welcome.signIn")}
        </Button>
        {isApp && (
          <div className="form-links">
            <span className="faint">{chosenServer()}</span>
            <button type="button" className="link-button" onClick={leaveServer}>
              {text("server.other")}
            </button>
          </div>
        )}
      </div>
    </CardPage>
  );
}
