import { type PointerEvent, useEffect, useLayoutEffect, useMemo, useRef, useState, useSyncExternalStore } from "react";
import { useLocation } from "react-router-dom";
import { useSession, useTransfers } from "../../Contexts.tsx";
import { Button, IconButton } from "../../components/controls/Button.tsx";
import { useMemory } from "../../components/drive/DriveMemory.tsx";
import { useViewer } from "../../components/drive/use-viewer.ts";
import { useListing } from "../../lib/files/use-listing.ts";
import { usePreferences } from "../../lib/preferences/index.ts";
import { formatBytes, formatDateTime, language, useText } from "../../lib/text/index.ts";
import type { ViewRef } from "../../lib/viewing/address.ts";
import { Facts } from "./Facts.tsx";
import { Failed, Loading } from "./Message.tsx";
import { Stage } from "./Stage.tsx";
import type { Dimensions } from "./types.ts";
import { useFullScreen } from "./use-full-screen.ts";
import { useOpened } from "./use-opened.ts";
import "./Viewer.css";

/** How far a finger has to go, and in which direction mostly, to turn to the next file. */
const SWIPE_PX = 60;

export interface ViewerPageProps {
  readonly view: ViewRef;
  /** Unless it says otherwise, what is shown can be kept. */
  readonly mayDownload?: boolean;
}

/** One file, over the page it was opened from. Keys: arrows turn to the next file, F fills the screen, Escape closes. */
export function ViewerPage({ view, mayDownload = true }: ViewerPageProps) {
  const text = useText();
  const session = useSession();
  const transfers = useTransfers();
  const { sort } = usePreferences();
  const { look, close } = useViewer();
  const dialog = useRef<HTMLDialogElement>(null);
  const [hasFacts, setFacts] = useState(false);
  const [known, setKnown] = useState<{ readonly of: string; readonly dimensions: Dimensions }>();
  const { opened, failure, retry } = useOpened(session, view);
  const screen = useFullScreen();
  const { parentId, id, versionId } = view;
  const { pathname } = useLocation();
  const { beside } = useMemory();
  const listed = useSyncExternalStore(beside.subscribe, () => beside.at(pathname, id));
  // Of a list that is no folder the next is the next of that list.
  const isListed = listed !== undefined;
  const place = useMemo(() => (isListed ? undefined : { folderId: parentId }), [isListed, parentId]);
  const folder = useListing(session, place, { ...sort, language: language() });
  const items = listed ?? folder.items;
  const files = useMemo(() => items.filter(({ type }) => type === "file"), [items]);
  const at = files.findIndex((item) => item.id === id);
  const item = files[at];
  const name = opened?.name ?? item?.name ?? "";
  // A version stands alone: what is beside it are other times, not other files.
  const isAlone = versionId !== undefined || at < 0;
  const [previous, next] = isAlone ? [undefined, undefined] : [files[at - 1], files[at + 1]];
  /** Where the last turn leads: addresses follow a little later, and keys may be quicker. */
  const target = useRef(at);
  useEffect(() => {
    target.current = at;
  }, [at]);

  // Before it leaves the page: a dialog gives the focus back only while it stands there.
  useLayoutEffect(() => {
    const { current } = dialog;
    current?.showModal();
    // Not the first button: what opened is read out, and no ring stands around a way out that nobody asked for.
    current?.focus();
    return () => current?.close();
  }, []);

  const turn = (steps: 1 | -1): void => {
    const to = isAlone ? undefined : files[target.current + steps];
    if (to === undefined) return;
    target.current += steps;
    look(to);
  };
  const download = (): void => {
    if (opened === undefined) return;
    const { sizeBytes } = opened;
    void transfers.download({ name, item: { parentId, id, name }, sizeBytes, versionId });
  };
  const keys = useRef<(event: KeyboardEvent) => void>(undefined);
  useEffect(() => {
    keys.current = (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      const { target } = event;
      // Players and fields have arrows of their own, and so has what is larger than the window.
      const isTaken = target instanceof Element && target.closest("video, audio, input, [data-zoomed]") !== null;
      if (event.key === "ArrowLeft" && !isTaken) turn(isRightToLeft() ? 1 : -1);
      else if (event.key === "ArrowRight" && !isTaken) turn(isRightToLeft() ? -1 : 1);
      else if (event.key === "f") screen.toggle();
      else if (event.key === "i") setFacts(!hasFacts);
      else return;
      event.preventDefault();
    };
    // What had the focus may have gone with the file before: it comes back to what reads out the name.
    if (document.activeElement === document.body) dialog.current?.focus();
  });
  useEffect(() => {
    // Not on the dialog: nothing in it needs to have the focus.
    const hear = (event: KeyboardEvent): void => keys.current?.(event);
    document.addEventListener("keydown", hear);
    return () => document.removeEventListener("keydown", hear);
  }, []);
  const swipe = useSwipe(turn);

  const wayOut = mayDownload && (
    <Button kind="primary" icon="down" onClick={download}>
      {text("files.download")}
    </Button>
  );
  const again = <Button onClick={retry}>{text("files.retry")}</Button>;
  return (
    <dialog
      ref={dialog}
      className="viewer"
      aria-label={text("viewer.label", { name })}
      tabIndex={-1}
      onCancel={(event) => {
        event.preventDefault();
        close();
      }}
    >
      <div className="viewer-frame" ref={screen.frame}>
        <header className="viewer-head">
          <IconButton icon="back" label={text("viewer.close")} onClick={close} />
          <div className="viewer-title" aria-live="polite">
            <h1 dir="auto">{name}</h1>
            <p className="faint number">
              {opened &&
                [
                  formatBytes(opened.sizeBytes),
                  versionId === undefined
                    ? !isAlone && text("viewer.position", { at: at + 1, count: files.length })
                    : text("viewer.versionOf", { date: formatDateTime(opened.modifiedMs) }),
                ]
                  .filter(Boolean)
                  .join(" · ")}
            </p>
          </div>
          <IconButton
            icon="info"
            label={text("viewer.facts")}
            aria-pressed={hasFacts}
            onClick={() => setFacts(!hasFacts)}
          />
          {screen.isPossible && (
            <IconButton
              icon={screen.isFull ? "collapse" : "expand"}
              label={text(screen.isFull ? "viewer.leaveFullScreen" : "viewer.fullScreen")}
              onClick={screen.toggle}
            />
          )}
          {mayDownload && (
            <IconButton icon="down" label={text("files.download")} disabled={opened === undefined} onClick={download} />
          )}
        </header>
        <div className="viewer-body">
          <div className="viewer-stage" {...swipe}>
            {failure !== undefined && <Failed failure={failure}>{again}</Failed>}
            {failure === undefined && opened === undefined && <Loading share={0} />}
            {opened && (
              <Stage
                key={opened.streamId}
                opened={opened}
                wayOut={wayOut}
                retry={again}
                onDimensions={(dimensions) => setKnown({ of: opened.streamId, dimensions })}
              />
            )}
            {previous && (
              <span className="viewer-turn viewer-previous">
                <IconButton icon="back" label={text("viewer.previous")} onClick={() => turn(-1)} />
              </span>
            )}
            {next && (
              <span className="viewer-turn viewer-next">
                <IconButton icon="chevron" label={text("viewer.next")} onClick={() => turn(1)} />
              </span>
            )}
          </div>
          {hasFacts && opened && (
            <Facts opened={opened} dimensions={known?.of === opened.streamId ? known.dimensions : undefined} />
          )}
        </div>
      </div>
    </dialog>
  );
}

function isRightToLeft(): boolean {
  return document.documentElement.dir === "rtl";
}

/** A finger that is drawn across turns to the next file; what scrolls sideways, or is enlarged, keeps its fingers. */
function useSwipe(onSwipe: (steps: 1 | -1) => void) {
  const from = useRef<{ readonly x: number; readonly y: number }>(undefined);
  return {
    onPointerDown: ({ pointerType, target, clientX: x, clientY: y }: PointerEvent): void => {
      const isFree =
        pointerType === "touch" && (target as Element).closest(".viewer-picture:not([data-zoomed])") !== null;
      from.current = isFree ? { x, y } : undefined;
    },
    onPointerUp: ({ clientX, clientY }: PointerEvent): void => {
      const start = from.current;
      from.current = undefined;
      if (start === undefined) return;
      const [across, down] = [clientX - start.x, clientY - start.y];
      if (Math.abs(across) < SWIPE_PX || Math.abs(down) > Math.abs(across) / 2) return;
      onSwipe(across < 0 !== isRightToLeft() ? 1 : -1);
    },
    onPointerCancel: (): void => {
      from.current = undefined;
    },
  };
}
