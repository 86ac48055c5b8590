/** What is asked when things go into a shared folder, or out of one. */
export const access = {
  moveOne: "Move “{{name}}” to “{{folder}}”?",
  moveMany_one: "Move {{count, number}} item to “{{folder}}”?",
  moveMany_other: "Move {{count, number}} items to “{{folder}}”?",
  copyOne: "Copy “{{name}}” to “{{folder}}”?",
  copyMany_one: "Copy {{count, number}} item to “{{folder}}”?",
  copyMany_other: "Copy {{count, number}} items to “{{folder}}”?",
  gain_one: "It can be opened there by {{who}}, who could not before.",
  gain_other: "They can be opened there by {{who}}, who could not before.",
  lose_one:
    "It is gone for {{who}}. In the trash of the shared folder it stays for up to 30 days, and what was opened or downloaded before may be kept.",
  lose_other:
    "They are gone for {{who}}. In the trash of the shared folder they stay for up to 30 days, and what was opened or downloaded before may be kept.",
  gainWriting_one: "It can also be changed there by {{who}}, who could only look before.",
  gainWriting_other: "They can also be changed there by {{who}}, who could only look before.",
  loseWriting_one: "It can only be looked at there by {{who}}, who could change it before.",
  loseWriting_other: "They can only be looked at there by {{who}}, who could change them before.",
  links_one: "whoever has the link",
  links_other: "whoever has one of the {{count, number}} links",
} as const;
