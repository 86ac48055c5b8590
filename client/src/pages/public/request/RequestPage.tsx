import { Button } from "../../../components/controls/Button.tsx";
import { Empty } from "../../../components/page/Empty.tsx";
import { Starting } from "../../../components/page/Starting.tsx";
import { PublicFrame } from "../../../components/public/PublicFrame.tsx";
import type { EngineFailure, PublicPlace } from "../../../lib/session/index.ts";
import { errorText, useText } from "../../../lib/text/index.ts";
import { SendView } from "./SendView.tsx";
import { useRequest } from "./use-request.ts";
import "./RequestPage.css";

/** Where somebody sends files to whoever asked for them, without an account. */
export function RequestPage({ place }: { readonly place: PublicPlace }) {
  const request = useRequest(place.address);
  const { face, failure } = request;
  if (face === undefined) {
    return (
      <PublicFrame layout="card" lead="requests.send.sealLead">
        {failure === undefined ? <Starting /> : <Refused failure={failure} onAgain={request.reload} />}
      </PublicFrame>
    );
  }
  return (
    <PublicFrame layout="whole" lead="requests.send.sealLead">
      <SendView face={face} request={request} />
    </PublicFrame>
  );
}

/** Reasons for which trying again is no help. */
const FINAL = {
  no_request: "unknown",
  request_address: "badAddress",
  request_key: "wrongKey",
  weak_key: "wrongKey",
  integrity: "wrongKey",
} as const;

function Refused({ failure, onAgain }: { readonly failure: EngineFailure; readonly onAgain: () => void }) {
  const text = useText();
  const { code } = failure;
  if (Object.hasOwn(FINAL, code)) {
    const reason = FINAL[code as keyof typeof FINAL];
    return (
      <div role="alert">
        <Empty
          icon={reason === "wrongKey" ? "shield" : "info"}
          title={text(`requests.send.${reason}`)}
          lead={text(`requests.send.${reason}Lead`)}
        />
      </div>
    );
  }
  return (
    <div role="alert">
      <Empty icon="cloudOff" title={text("requests.send.failed")} lead={errorText(failure)}>
        <Button kind="primary" onClick={onAgain}>
          {text("requests.send.again")}
        </Button>
      </Empty>
    </div>
  );
}
