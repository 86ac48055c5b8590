/** Roles of a manifest's rows. They are compared as sets, never by size (cryptography.md §5). */
export const ROLES = { viewer: 1, editor: 2, manager: 3, owner: 4, linkViewer: 16, linkEditor: 17 } as const;
export type Role = (typeof ROLES)[keyof typeof ROLES];

const ALL: ReadonlySet<number> = new Set(Object.values(ROLES));
const WRITE: ReadonlySet<Role> = new Set([ROLES.editor, ROLES.manager, ROLES.owner, ROLES.linkEditor]);
const CHANGE_MEMBERS: ReadonlySet<Role> = new Set([ROLES.manager, ROLES.owner]);
const MANAGED: ReadonlySet<Role> = new Set([ROLES.viewer, ROLES.editor, ROLES.linkViewer, ROLES.linkEditor]);
const LINK: ReadonlySet<Role> = new Set([ROLES.linkViewer, ROLES.linkEditor]);

export function isRole(value: number): value is Role {
  return ALL.has(value);
}

/** Whether a member of this role may write pages. */
export function mayWrite(role: Role): boolean {
  return WRITE.has(role);
}

/** Whether a member of this role may change the list of members. */
export function mayChangeMembers(role: Role): boolean {
  return CHANGE_MEMBERS.has(role);
}

/** Whether a manager may add, change or remove rows of this role; the owner may with every role. */
export function isManagedRole(role: Role): boolean {
  return MANAGED.has(role);
}

/** Whether the row is a link's, not a person's. */
export function isLinkRole(role: Role): boolean {
  return LINK.has(role);
}
