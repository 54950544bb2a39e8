/** The title of a kind with its article, for messages: "a VLAN", "an IP range". */
export const withArticle = (title: string): string => `${/^[aeio]/i.test(title) ? "an" : "a"} ${title}`;
