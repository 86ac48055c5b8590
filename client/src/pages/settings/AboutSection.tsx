import { useEffect, useState } from "react";
import { Mark } from "../../components/page/Mark.tsx";
import { useText } from "../../lib/text/index.ts";
import { type BuildNote, readBuildNote } from "../../lib/updates/index.ts";
import { chosenServer } from "../../native/index.ts";
import { Group } from "./Group.tsx";

export function AboutSection() {
  const text = useText();
  const [note, setNote] = useState<BuildNote | "unknown">();
  useEffect(() => {
    const controller = new AbortController();
    readBuildNote(controller.signal).then(setNote, () => {
      if (!controller.signal.aborted) setNote("unknown");
    });
    return () => controller.abort();
  }, []);
  const shown = note === undefined ? text("settings.loading") : text("settings.about.unknown");
  const isKnown = note !== undefined && note !== "unknown";
  return (
    <Group title={text("settings.about.title")} isFirst>
      <div className="about">
        <Mark size={56} />
        <p className="quiet">{text("settings.about.lead")}</p>
      </div>
      <dl className="facts">
        <dt>{text("settings.about.version")}</dt>
        <dd className="number">{isKnown ? note.version : shown}</dd>
        <dt>{text("settings.about.build")}</dt>
        <dd>
          <code className="hash">{isKnown ? note.build : shown}</code>
          <small className="faint">{text("settings.about.buildHint")}</small>
        </dd>
        <dt>{text("settings.about.licence")}</dt>
        <dd>{text("settings.about.licenceName")}</dd>
        <dt>{text("settings.about.api")}</dt>
        <dd>
          <a href={`${chosenServer()}/api/docs`} target="_blank" rel="noreferrer">
            /api/docs
          </a>
        </dd>
      </dl>
    </Group>
  );
}
