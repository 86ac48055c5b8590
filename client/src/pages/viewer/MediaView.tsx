import { useEffect, useState } from "react";
import { useSession } from "../../Contexts.tsx";
import { Button } from "../../components/controls/Button.tsx";
import { Icon } from "../../components/controls/Icon.tsx";
import { type EngineFailure, isDamage } from "../../lib/session/index.ts";
import { useText } from "../../lib/text/index.ts";
import { canStream, keepStreaming, streamAddress } from "../../lib/viewing/streams.ts";
import { Failed, Message } from "./Message.tsx";
import type { ViewProps } from "./types.ts";
import "./MediaView.css";

export interface MediaViewProps extends ViewProps {
  readonly by: "audio" | "video";
}

/** Films and sounds: they begin at once and seek, whatever their size. [Note: Streams] */
export function MediaView({ opened, wayOut, retry, by, onDimensions }: MediaViewProps) {
  const text = useText();
  const session = useSession();
  const { streamId, name } = opened;
  const [failure, setFailure] = useState<EngineFailure | "not-playable">();
  useEffect(() => (canStream() ? keepStreaming() : undefined), []);

  if (!canStream()) {
    return (
      <Message icon="film" title={text("viewer.failedTitle")} lead={text("viewer.noStream")}>
        {wayOut}
        <Button onClick={() => location.reload()}>{text("viewer.reload")}</Button>
      </Message>
    );
  }
  if (failure === "not-playable") {
    return (
      <Message icon="film" title={text("viewer.failedTitle")} lead={text("viewer.notPlayable")}>
        {wayOut}
      </Message>
    );
  }
  if (failure !== undefined) return <Failed failure={failure}>{isDamage(failure) ? undefined : retry}</Failed>;

  // The element only knows that there was an error; the engine knows whether it was ours.
  const onError = (): void => {
    session.engine.streams.failureOf(streamId).then(
      (ours) => setFailure(ours ?? "not-playable"),
      (error: unknown) => session.report(error),
    );
  };
  const address = streamAddress(streamId);
  if (by === "audio") {
    return (
      <div className="viewer-sound">
        <span className="viewer-sound-picture">
          <Icon name="music" />
        </span>
        {/* biome-ignore lint/a11y/useMediaCaption: it is somebody's own file */}
        <audio controls autoPlay src={address} aria-label={text("viewer.sound", { name })} onError={onError} />
      </div>
    );
  }
  return (
    <div className="viewer-film">
      {/* biome-ignore lint/a11y/useMediaCaption: it is somebody's own file */}
      <video
        controls
        autoPlay
        playsInline
        src={address}
        aria-label={text("viewer.film", { name })}
        onLoadedMetadata={({ currentTarget: { videoWidth: width, videoHeight: height } }) =>
          width > 0 && onDimensions({ width, height })
        }
        onError={onError}
      />
    </div>
  );
}
