import { useEffect, useMemo, useRef, useState, type WheelEvent } from "react";
import { IconButton } from "../../components/controls/Button.tsx";
import { useText } from "../../lib/text/index.ts";
import { factsOfPicture, isDrawable, type PictureFacts } from "../../lib/viewing/size-of-picture.ts";
import { viewEnding } from "../../lib/viewing/view-kind.ts";
import { Failed, Loading, Message } from "./Message.tsx";
import type { ViewProps } from "./types.ts";
import { useBytes } from "./use-bytes.ts";

/** Each step of the zoom. */
const FACTOR = 1.5;
const [SMALLEST, LARGEST] = [0.05, 16];

type Judged = { readonly facts: PictureFacts | "drawing"; readonly blob: Blob } | "unknown" | PictureFacts;

/**
 * What it is says itself, not its name; a page or a script can only ever be a picture that does not load. Drawings (SVG) are
 * shown as pictures too, in which no script runs and which fetch nothing.
 */
function judge(bytes: Uint8Array<ArrayBuffer>, name: string): Judged {
  if (viewEnding(name) === "svg") return { facts: "drawing", blob: new Blob([bytes], { type: "image/svg+xml" }) };
  const facts = factsOfPicture(bytes);
  if (facts === undefined) return "unknown";
  return isDrawable(facts) ? { facts, blob: new Blob([bytes], { type: facts.mediaType }) } : facts;
}

export function PictureView({ opened, wayOut, retry, onDimensions }: ViewProps) {
  const text = useText();
  const { bytes, share, failure } = useBytes(opened);
  const judged = useMemo(() => bytes && judge(bytes, opened.name), [bytes, opened.name]);
  const [isBroken, setBroken] = useState(false);
  if (failure !== undefined) return <Failed failure={failure}>{retry}</Failed>;
  if (judged === undefined) return <Loading share={share} />;
  if (judged === "unknown" || isBroken) {
    return (
      <Message icon="image" title={text("viewer.failedTitle")} lead={text("viewer.notPicture")}>
        {wayOut}
      </Message>
    );
  }
  if (!("blob" in judged)) {
    return (
      <Message icon="image" title={text("viewer.tooLargeTitle")} lead={text("viewer.tooManyPixels", { ...judged })}>
        {wayOut}
      </Message>
    );
  }
  return (
    <Picture
      blob={judged.blob}
      isDrawing={judged.facts === "drawing"}
      name={opened.name}
      onBroken={() => setBroken(true)}
      onDimensions={onDimensions}
    />
  );
}

interface PictureProps extends Pick<ViewProps, "onDimensions"> {
  readonly blob: Blob;
  readonly isDrawing: boolean;
  readonly name: string;
  readonly onBroken: () => void;
}

function Picture({ blob, isDrawing, name, onBroken, onDimensions }: PictureProps) {
  const text = useText();
  const [address, setAddress] = useState<string>();
  const [size, setSize] = useState<{ readonly width: number; readonly height: number }>();
  /** Of its own pixels; undefined: as large as fits. */
  const [zoom, setZoom] = useState<number>();
  const image = useRef<HTMLImageElement>(null);
  useEffect(() => {
    const made = URL.createObjectURL(blob);
    setAddress(made);
    return () => URL.revokeObjectURL(made);
  }, [blob]);
  const change = (factor: number): void => {
    const { current } = image;
    if (size === undefined || current === null) return;
    const now = zoom ?? current.clientWidth / size.width;
    setZoom(Math.min(LARGEST, Math.max(SMALLEST, now * factor)));
  };
  const onWheel = (event: WheelEvent): void => {
    if (event.ctrlKey || event.metaKey) change(event.deltaY < 0 ? 1.15 : 1 / 1.15);
  };
  return (
    <>
      <div className="viewer-picture" data-zoomed={zoom !== undefined || undefined} onWheel={onWheel}>
        <img
          ref={image}
          src={address}
          alt={text("viewer.picture", { name })}
          draggable={false}
          data-drawing={isDrawing || undefined}
          style={zoom === undefined || size === undefined ? undefined : { width: size.width * zoom }}
          onLoad={({ currentTarget: { naturalWidth: width, naturalHeight: height } }) => {
            setSize({ width, height });
            onDimensions({ width, height });
          }}
          onError={() => address !== undefined && onBroken()}
          onDoubleClick={() => setZoom(zoom === undefined ? 1 : undefined)}
        />
      </div>
      <div className="viewer-tools">
        <IconButton icon="minus" label={text("viewer.zoomOut")} onClick={() => change(1 / FACTOR)} />
        <IconButton icon="fit" label={text("viewer.fit")} onClick={() => setZoom(undefined)} />
        <IconButton icon="plus" label={text("viewer.zoomIn")} onClick={() => change(FACTOR)} />
      </div>
    </>
  );
}
