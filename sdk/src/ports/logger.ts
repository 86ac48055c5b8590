/** Facts for whoever debugs this device. Never a secret, a name or a path; never sent anywhere. */
export interface LoggerPort {
  debug(message: string, facts?: Readonly<Record<string, unknown>>): void;
  warn(message: string, facts?: Readonly<Record<string, unknown>>): void;
}
