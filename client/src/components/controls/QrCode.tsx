import { useMemo } from "react";
import { encode } from "uqr";
import "./QrCode.css";

export interface QrCodeProps {
  readonly value: string;
  readonly label: string;
}

/** Dark on light in every theme: cameras know no others. */
export function QrCode({ value, label }: QrCodeProps) {
  const { size, path } = useMemo(() => draw(value), [value]);
  return (
    <svg className="qr-code" role="img" aria-label={label} viewBox={`0 0 ${size} ${size}`} shapeRendering="crispEdges">
      <path d={path} />
    </svg>
  );
}

function draw(value: string): { readonly size: number; readonly path: string } {
  const { size, data } = encode(value, { ecc: "M", border: 4 });
  const squares = data.flatMap((row, y) => row.map((isDark, x) => (isDark ? `M${x} ${y}h1v1h-1z` : "")));
  return { size, path: squares.join("") };
}
