import { Button } from "../../../components/controls/Button.tsx";
import { useCopied } from "../../../components/controls/use-copied.ts";
import { Notice } from "../../../components/page/Notice.tsx";
import { PrintSheet } from "../../../components/page/PrintSheet.tsx";
import type { ReceiptView } from "../../../lib/session/index.ts";
import { formatBytes, formatDateTime, useText } from "../../../lib/text/index.ts";

/** On the screen; copies and prints have all. */
const SHOWN = 100;

export interface ReceiptProps {
  readonly receipt: ReceiptView;
  readonly title: string;
}

/** What has arrived, to keep. */
export function Receipt({ receipt: { number, items }, title }: ReceiptProps) {
  const text = useText();
  const [copied, copy] = useCopied();
  const sizeBytes = items.reduce((sum, item) => sum + item.sizeBytes, 0);
  const summary = text("requests.send.arrivedCount", { count: items.length, size: formatBytes(sizeBytes) });
  const lineOf = (item: ReceiptView["items"][number]): string =>
    text("requests.send.fileLine", {
      path: item.path.join("/"),
      size: formatBytes(item.sizeBytes),
      date: formatDateTime(item.arrivedMs),
    });
  const written = (): string =>
    [
      `${text("requests.send.receipt")}: ${title}`,
      `${text("requests.send.number")}: ${number}`,
      summary,
      ...items.map(lineOf),
    ].join("\n");
  const more = items.length - SHOWN;
  return (
    <section className="receipt" aria-labelledby="receipt-title">
      <PrintSheet>
        <h1>{`${text("requests.send.receipt")}: ${title}`}</h1>
        <p>{`${text("requests.send.number")}: ${number}`}</p>
        <p>{summary}</p>
        <ul>
          {items.map((item) => (
            <li key={item.path.join("/")}>{lineOf(item)}</li>
          ))}
        </ul>
        <p>{text("requests.send.receiptLead")}</p>
      </PrintSheet>
      <h2 id="receipt-title">{text("requests.send.receipt")}</h2>
      <p className="receipt-number">
        <span className="faint">{text("requests.send.number")}</span> <strong className="number">{number}</strong>
      </p>
      <p role="status">{summary}</p>
      <ul className="receipt-items">
        {items.slice(0, SHOWN).map((item) => (
          <li key={item.path.join("/")}>
            <span dir="auto">{item.path.join(" / ")}</span>
            <span className="faint number">
              {item.isFiled ? `${text("requests.send.filed")} · ` : ""}
              {formatBytes(item.sizeBytes)}
            </span>
          </li>
        ))}
        {more > 0 && <li className="faint">{text("requests.send.leftMore", { count: more })}</li>}
      </ul>
      <p className="faint">{text("requests.send.receiptLead")}</p>
      <div className="receipt-actions">
        <Button icon={copied === "done" ? "check" : "copy"} onClick={() => copy(written())}>
          {text(copied === "done" ? "requests.copied" : "requests.send.copyReceipt")}
        </Button>
        <Button onClick={() => print()}>{text("requests.send.print")}</Button>
      </div>
      {copied === "refused" && <Notice kind="bad">{text("words.notCopied")}</Notice>}
    </section>
  );
}
