import { useState } from "react";
import { Button } from "../../components/controls/Button.tsx";
import { formatBytes, useText } from "../../lib/text/index.ts";
import { type ViewKind, viewKindOf } from "../../lib/viewing/view-kind.ts";
import { MediaView } from "./MediaView.tsx";
import { Message } from "./Message.tsx";
import { PdfView } from "./PdfView.tsx";
import { PictureView } from "./PictureView.tsx";
import { TextView } from "./TextView.tsx";
import type { ViewProps } from "./types.ts";

const MIB = 1024 * 1024;
/** What is held whole in memory to be shown. Films and sounds are not. */
const LIMITS_BYTES = { picture: 96 * MIB, pdf: 128 * MIB, markdown: 2 * MIB, text: 2 * MIB } as const;

/** The file itself, by what its name promises. */
export function Stage(props: ViewProps) {
  const text = useText();
  const { opened, wayOut } = props;
  const [asText, setAsText] = useState(false);
  const named = viewKindOf(opened.name);
  const kind: ViewKind = asText ? { by: "text", language: undefined } : named;
  if (opened.sizeBytes === 0) {
    return <Message title={text("viewer.emptyTitle")} lead={text("viewer.emptyLead")} />;
  }
  const limitBytes = kind.by in LIMITS_BYTES ? LIMITS_BYTES[kind.by as keyof typeof LIMITS_BYTES] : undefined;
  if (limitBytes !== undefined && opened.sizeBytes > limitBytes) {
    const lead = text("viewer.tooLargeLead", { limit: formatBytes(limitBytes) });
    return (
      <Message title={text("viewer.tooLargeTitle")} lead={lead}>
        {wayOut}
      </Message>
    );
  }
  if (kind.by === "picture") return <PictureView {...props} />;
  if (kind.by === "markdown") return <TextView {...props} as="markdown" />;
  if (kind.by === "text") return <TextView {...props} as="text" language={kind.language} />;
  if (kind.by === "pdf") return <PdfView {...props} />;
  if (kind.by === "audio" || kind.by === "video") return <MediaView {...props} by={kind.by} />;
  return (
    <Message
      title={text("viewer.noneTitle")}
      lead={text(kind.by === "nothing" && kind.isPicture ? "viewer.nonePicture" : "viewer.noneLead")}
    >
      {wayOut}
      {opened.sizeBytes <= LIMITS_BYTES.text && (
        <Button kind="ghost" onClick={() => setAsText(true)}>
          {text("viewer.asText")}
        </Button>
      )}
    </Message>
  );
}
