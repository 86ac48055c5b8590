/** Was gefragt wird, wenn etwas in einen geteilten Ordner kommt oder aus einem heraus. */
export const access = {
  moveOne: "„{{name}}“ nach „{{folder}}“ verschieben?",
  moveMany_one: "{{count, number}} Element nach „{{folder}}“ verschieben?",
  moveMany_other: "{{count, number}} Elemente nach „{{folder}}“ verschieben?",
  copyOne: "„{{name}}“ nach „{{folder}}“ kopieren?",
  copyMany_one: "{{count, number}} Element nach „{{folder}}“ kopieren?",
  copyMany_other: "{{count, number}} Elemente nach „{{folder}}“ kopieren?",
  gain_one: "Dort öffnen können es dann auch: {{who}}.",
  gain_other: "Dort öffnen können es dann auch: {{who}}.",
  lose_one:
    "Nicht mehr dabei: {{who}}. Im Papierkorb des geteilten Ordners bleibt es bis zu 30 Tage, und was vorher geöffnet oder heruntergeladen wurde, ist vielleicht noch dort.",
  lose_other:
    "Nicht mehr dabei: {{who}}. Im Papierkorb des geteilten Ordners bleiben sie bis zu 30 Tage, und was vorher geöffnet oder heruntergeladen wurde, ist vielleicht noch dort.",
  gainWriting_one: "Dort auch ändern können es, statt nur anzusehen: {{who}}.",
  gainWriting_other: "Dort auch ändern können sie, statt nur anzusehen: {{who}}.",
  loseWriting_one: "Dort nur noch ansehen und nicht mehr ändern können es: {{who}}.",
  loseWriting_other: "Dort nur noch ansehen und nicht mehr ändern können sie: {{who}}.",
  links_one: "wer den Link hat",
  links_other: "wer einen der {{count, number}} Links hat",
};
