import { useState } from "react";
import { Button } from "../../components/controls/Button.tsx";
import { DrivePage } from "../../components/drive/DrivePage.tsx";
import { Empty } from "../../components/page/Empty.tsx";
import { Notice } from "../../components/page/Notice.tsx";
import { useRequests } from "../../components/requests/Requests.tsx";
import type { RequestItem } from "../../lib/session/index.ts";
import { errorText, useText } from "../../lib/text/index.ts";
import { AddressDialog } from "./AddressDialog.tsx";
import { RequestDialog } from "./RequestDialog.tsx";
import { RequestRow } from "./RequestRow.tsx";
import "./RequestsPage.css";

/** Every upload request of this person, with what can be done to it. */
export function RequestsPage() {
  const text = useText();
  const { view, failure } = useRequests();
  const [isMaking, setMaking] = useState(false);
  const [made, setMade] = useState<RequestItem>();
  const make = (
    <Button kind="primary" icon="plus" onClick={() => setMaking(true)}>
      {text("requests.new")}
    </Button>
  );
  return (
    <DrivePage
      head={<h1>{text("requests.place")}</h1>}
      actions={view !== undefined && view.length > 0 && <span className="add-button">{make}</span>}
    >
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and who has no mouse scrolls it by keys */}
      <section className="requests-page" tabIndex={0} aria-label={text("requests.list")}>
        {failure !== undefined && <Notice kind="bad">{errorText(failure)}</Notice>}
        {view === undefined && failure === undefined && <p className="faint">{text("settings.loading")}</p>}
        {view?.length === 0 && (
          <Empty icon="inbox" title={text("requests.none")} lead={text("requests.noneLead")}>
            {make}
          </Empty>
        )}
        <ul className="requests-list">
          {view?.map((request) => (
            <RequestRow key={request.id} request={request} />
          ))}
        </ul>
      </section>
      {isMaking && <RequestDialog onClose={() => setMaking(false)} onMade={setMade} />}
      {made !== undefined && !isMaking && <AddressDialog request={made} onClose={() => setMade(undefined)} />}
    </DrivePage>
  );
}
