import { useCallback, useEffect, useState } from "react";
import { useSession, VisitContexts } from "../../../Contexts.tsx";
import { Button } from "../../../components/controls/Button.tsx";
import { DriveMemory } from "../../../components/drive/DriveMemory.tsx";
import { Thumbnails } from "../../../components/item-list/Thumbnails.tsx";
import { Empty } from "../../../components/page/Empty.tsx";
import { PublicFrame } from "../../../components/public/PublicFrame.tsx";
import { type EngineFailure, failureOf, isAway, type PublicPlace, type VisitView } from "../../../lib/session/index.ts";
import { errorText, useText } from "../../../lib/text/index.ts";
import { PasswordCard } from "./PasswordCard.tsx";
import { type Viewer, VisitFolder } from "./VisitFolder.tsx";

export interface LinkPageProps {
  readonly place: PublicPlace;
  readonly Viewer: Viewer;
}

/** What a link leads to, for whoever was given its address. */
export function LinkPage({ place, Viewer }: LinkPageProps) {
  return (
    <VisitContexts>
      <Door address={place.address} Viewer={Viewer} />
    </VisitContexts>
  );
}

type Shown =
  | { readonly is: "opening" }
  | { readonly is: "asking" }
  | { readonly is: "open"; readonly visit: VisitView }
  | { readonly is: "closed"; readonly failure: EngineFailure };

/** A password that was wrong is asked for again; everything else is the end. */
function isAboutPassword({ code }: EngineFailure): boolean {
  return code === "link_password_wrong" || code === "too_many_attempts";
}

function Door({ address, Viewer }: { readonly address: string; readonly Viewer: Viewer }) {
  const text = useText();
  const session = useSession();
  const [shown, setShown] = useState<Shown>({ is: "opening" });
  const close = useCallback((failure: EngineFailure) => setShown({ is: "closed", failure }), []);
  const open = useCallback(
    async (password?: string): Promise<void> => {
      try {
        setShown({ is: "open", visit: await session.visit({ address, password }) });
      } catch (error) {
        const failure = failureOf(error);
        if (password !== undefined && isAboutPassword(failure)) throw error;
        if (failure.code === "link_password_needed") setShown({ is: "asking" });
        else close(failure);
      }
    },
    [session, address, close],
  );
  useEffect(() => void open(), [open]);

  if (shown.is === "open") {
    return (
      <PublicFrame layout="whole">
        <DriveMemory>
          <Thumbnails>
            <VisitFolder visit={shown.visit} address={address} Viewer={Viewer} onLost={close} />
          </Thumbnails>
        </DriveMemory>
      </PublicFrame>
    );
  }
  const tryAgain = (): void => {
    setShown({ is: "opening" });
    void open();
  };
  return (
    <PublicFrame layout="card">
      {shown.is === "opening" && (
        <p className="quiet" role="status">
          {text("links.visit.opening")}
        </p>
      )}
      {shown.is === "asking" && <PasswordCard onPassword={open} />}
      {shown.is === "closed" && <Closed failure={shown.failure} onAgain={tryAgain} />}
    </PublicFrame>
  );
}

interface ClosedProps {
  readonly failure: EngineFailure;
  readonly onAgain: () => void;
}

/** Why nobody gets in: each reason has its own sentence. */
function Closed({ failure, onAgain }: ClosedProps) {
  const text = useText();
  const { code } = failure;
  const isForNow = isAway(failure) || ["link_paused", "too_many_attempts", "rate_limited"].includes(code);
  const isLinks = ["link_expired", "link_used_up", "link_paused", "link_revoked", "link_not_found"].includes(code);
  return (
    <div role="alert">
      <Empty
        icon={isLinks ? "lock" : isAway(failure) ? "cloudOff" : "shield"}
        title={text(isLinks ? "links.visit.notOpen" : "links.visit.failed")}
        lead={errorText(failure)}
      >
        {isForNow && <Button onClick={onAgain}>{text("links.visit.again")}</Button>}
      </Empty>
    </div>
  );
}
