import { beforeKey, withArticle, withThe, withThis } from "../../../lib/model/article";
import { KINDS } from "../../../lib/model/kinds";

const words = (inWords: (title: string) => string): string[] => Object.values(KINDS).map(({ title }) => inWords(title));

test("the title of every kind has its article", () => {
  expect(words(withArticle)).toEqual(
    expect.arrayContaining(["a fabric", "a VLAN", "a subnet", "an IP range", "a machine", "the DHCP of a VLAN"]),
  );
});

test("the title of every kind reads well before a key, before an id and alone", () => {
  expect(words(beforeKey)).toEqual(expect.arrayContaining(["VLAN", "IP range", "DHCP of VLAN"]));
  expect(words(withThe)).toEqual(expect.arrayContaining(["the VLAN", "the IP range", "the DHCP of the VLAN"]));
  expect(words(withThis)).toEqual(expect.arrayContaining(["this VLAN", "this IP range", "the DHCP of this VLAN"]));
});
