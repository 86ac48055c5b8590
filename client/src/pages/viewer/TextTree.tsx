import { createElement, type ReactNode } from "react";
import type { Branch, Node } from "../../lib/reading/index.ts";

/** [Note: Texts become trees]: every element that a text can become stands here. */
const ELEMENTS: Partial<Record<Branch["tag"], string>> = {
  paragraph: "p",
  // The name of the file is the heading of this page.
  "heading-1": "h2",
  "heading-2": "h3",
  "heading-3": "h4",
  "heading-4": "h5",
  "heading-5": "h6",
  "heading-6": "h6",
  strong: "strong",
  emphasis: "em",
  struck: "s",
  code: "code",
  quote: "blockquote",
  list: "ul",
};

export function TextTree({ nodes }: { readonly nodes: readonly Node[] }): ReactNode {
  return nodes.map((node, index) => {
    if (typeof node === "string") return node;
    // biome-ignore lint/suspicious/noArrayIndexKey: a text does not change while it is shown
    return <Drawn key={index} branch={node} />;
  });
}

function Drawn({ branch }: { readonly branch: Branch }): ReactNode {
  const { tag, nodes, kind } = branch;
  const inside = <TextTree nodes={nodes} />;
  switch (tag) {
    case "token":
      return <span className={`code-${kind}`}>{inside}</span>;
    case "code-block":
      return (
        <pre data-language={kind}>
          <code>{inside}</code>
        </pre>
      );
    case "rule":
      return <hr />;
    case "break":
      return <br />;
    case "ordered":
      return <ol start={branch.start}>{inside}</ol>;
    case "item":
      return branch.isTicked === undefined ? (
        <li>{inside}</li>
      ) : (
        <li className="text-task" data-ticked={branch.isTicked || undefined}>
          <span aria-hidden="true">{branch.isTicked ? "☑" : "☐"} </span>
          {inside}
        </li>
      );
    case "table":
      return (
        <div className="text-table">
          <table>
            <tbody>{inside}</tbody>
          </table>
        </div>
      );
    case "row":
      return <tr>{inside}</tr>;
    case "cell":
      return branch.isHead ? <th scope="col">{inside}</th> : <td>{inside}</td>;
    case "link":
      return (
        <a href={branch.address} target="_blank" rel="noopener noreferrer">
          {inside}
        </a>
      );
    case "picture":
      return <span className="text-picture">{inside}</span>;
    case "markup":
      return <code className="text-markup">{inside}</code>;
    default:
      return createElement(ELEMENTS[tag] ?? "span", undefined, inside);
  }
}
