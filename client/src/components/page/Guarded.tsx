import { Component, type ReactNode } from "react";
import { type EngineFailure, failureOf } from "../../lib/session/index.ts";

export interface GuardedProps {
  /** Instead of what cannot be drawn. */
  readonly fallback: (failure: EngineFailure) => ReactNode;
  readonly children: ReactNode;
}

interface GuardedState {
  readonly failure?: EngineFailure;
}

/** Without it, a part of the program that does not come, or a defect in one, leaves the whole window white. */
export class Guarded extends Component<GuardedProps, GuardedState> {
  static getDerivedStateFromError(error: unknown): GuardedState {
    return { failure: failureOf(error) };
  }

  override state: GuardedState = {};

  override render(): ReactNode {
    const { failure } = this.state;
    return failure === undefined ? this.props.children : this.props.fallback(failure);
  }
}
