// Titles of kinds in sentences. One may name what the object is of: "DHCP of a VLAN".

const OF = / of an? /;

/** The title with its article: "a VLAN", "an IP range", "the DHCP of a VLAN". */
export function withArticle(title: string): string {
  if (OF.test(title)) return `the ${title}`;
  return `${/^[aeio]/i.test(title) ? "an" : "a"} ${title}`;
}

/** One object of the kind: "this VLAN", "the DHCP of this VLAN". */
export const withThis = (title: string): string =>
  OF.test(title) ? `the ${title.replace(OF, " of this ")}` : `this ${title}`;

/** One object of the kind, of which more follows: "the VLAN" with the id 5006, "the DHCP of the VLAN" with the id 5006. */
export const withThe = (title: string): string => `the ${title.replace(OF, " of the ")}`;

/** The title before a natural key: "VLAN" lab:60, "DHCP of VLAN" lab:60. */
export const beforeKey = (title: string): string => title.replace(OF, " of ");
