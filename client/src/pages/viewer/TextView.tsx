import { useEffect, useState } from "react";
import { type ReadText, readTextAside } from "../../lib/reading/index.ts";
import { useText } from "../../lib/text/index.ts";
import { Failed, Loading, Message } from "./Message.tsx";
import { TextTree } from "./TextTree.tsx";
import type { ViewProps } from "./types.ts";
import { useBytes } from "./use-bytes.ts";
import "./TextView.css";

export interface TextViewProps extends ViewProps {
  readonly as: "markdown" | "text";
  readonly language?: string | undefined;
}

export function TextView({ opened, wayOut, retry, as, language }: TextViewProps) {
  const text = useText();
  const { bytes, share, failure } = useBytes(opened);
  const [read, setRead] = useState<ReadText | "no-text">();
  useEffect(() => {
    if (bytes === undefined) return;
    const stop = new AbortController();
    void readTextAside({ bytes, as, language }, stop.signal).then((done) => {
      if (!stop.signal.aborted) setRead(done ?? "no-text");
    });
    return () => stop.abort();
  }, [bytes, as, language]);
  if (failure !== undefined) return <Failed failure={failure}>{retry}</Failed>;
  if (read === undefined) return <Loading share={share} />;
  if (read === "no-text") {
    return (
      <Message title={text("viewer.failedTitle")} lead={text("viewer.notText")}>
        {wayOut}
      </Message>
    );
  }
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and keys must be able to
    <section className="viewer-text" aria-label={opened.name} tabIndex={0}>
      {read.isFormatted ? (
        <article className="viewer-sheet" dir="auto">
          <TextTree nodes={read.nodes} />
        </article>
      ) : (
        <pre className="viewer-lines" dir="auto">
          <TextTree nodes={read.nodes} />
        </pre>
      )}
    </section>
  );
}
