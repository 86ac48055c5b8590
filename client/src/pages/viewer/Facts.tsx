import { Icon } from "../../components/controls/Icon.tsx";
import { typeText } from "../../components/item-list/columns.ts";
import { Notice } from "../../components/page/Notice.tsx";
import type { OpenedFile } from "../../lib/session/index.ts";
import { formatBytes, formatDateTime, useText } from "../../lib/text/index.ts";
import type { Dimensions } from "./types.ts";

export interface FactsProps {
  readonly opened: OpenedFile;
  /** Of what has pixels, once it is shown. */
  readonly dimensions: Dimensions | undefined;
}

/** What is known of the file that is shown. */
export function Facts({ opened, dimensions }: FactsProps) {
  const text = useText();
  const { name, sizeBytes, modifiedMs } = opened;
  const facts = [
    [text("explorer.details.kind"), typeText({ type: "file", name })],
    [text("explorer.details.size"), formatBytes(sizeBytes)],
    [text("explorer.details.modified"), formatDateTime(modifiedMs)],
    ...(dimensions ? [[text("viewer.dimensions"), text("viewer.dimensionsOf", { ...dimensions })]] : []),
  ];
  return (
    <aside className="viewer-facts" aria-label={text("viewer.facts")}>
      <h2>{text("viewer.facts")}</h2>
      <dl>
        {facts.map(([fact, value]) => (
          <div key={fact}>
            <dt className="quiet">{fact}</dt>
            <dd className="number">{value}</dd>
          </div>
        ))}
      </dl>
      <Notice kind="seal">
        <Icon name="shield" />
        <span>
          <strong>{text("explorer.details.verified")}</strong>
          <br />
          {text("viewer.verifiedLead")}
        </span>
      </Notice>
    </aside>
  );
}
