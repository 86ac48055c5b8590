import type { ButtonHTMLAttributes, ReactNode } from "react";
import { Icon, type IconName } from "./Icon.tsx";
import "./Button.css";

type Native = Omit<ButtonHTMLAttributes<HTMLButtonElement>, "className">;

export interface ButtonProps extends Native {
  readonly kind?: "plain" | "primary" | "ghost" | "danger";
  readonly icon?: IconName;
  readonly isWide?: boolean;
  readonly children: ReactNode;
}

export function Button({ kind = "plain", icon, isWide = false, children, type = "button", ...native }: ButtonProps) {
  return (
    <button {...native} type={type} className={`button button-${kind}${isWide ? " button-wide" : ""}`}>
      {icon && <Icon name={icon} />}
      <span>{children}</span>
    </button>
  );
}

export interface IconButtonProps extends Native {
  readonly icon: IconName;
  /** What it does: read out, and shown when pointed at. */
  readonly label: string;
}

export function IconButton({ icon, label, type = "button", ...native }: IconButtonProps) {
  return (
    <button {...native} type={type} className="icon-button" aria-label={label} title={label}>
      <Icon name={icon} />
    </button>
  );
}
