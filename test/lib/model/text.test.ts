import { KINDS } from "../../../lib/model/kinds";
import { beforeKey, readDigits, wholeNumberOf, withArticle, withThe, withThis } from "../../../lib/model/text";

describe("article", () => {
  const words = (inWords: (title: string) => string): string[] =>
    Object.values(KINDS).map(({ title }) => inWords(title));

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
});

describe("digits", () => {
  test("digits of every script that this Node can write are read as the number that they are", () => {
    const scripts = Intl.supportedValuesOf("numberingSystem")
      .map((system) => new Intl.NumberFormat(`en-u-nu-${system}`, { useGrouping: false }))
      .filter((format) => /^\p{Nd}{10}$/u.test(format.format(1234567890)));
    expect(scripts.length).toBeGreaterThan(40);
    for (const format of scripts)
      for (const vid of [0, 7, 10, 905, 4094, 1234567890]) expect(readDigits(format.format(vid))).toBe(vid);
  });

  test.each(["", "x", "1x", "-1", "½", "二", " 1", "1.5", "untagged"])("%j is no number in digits", (text) => {
    expect(readDigits(text)).toBeUndefined();
  });

  test.each([
    ["0", 0, 0],
    ["12", 1, 12],
    ["007", 1, 7],
    ["0", 1, undefined],
    ["-1", 0, undefined],
    ["1.5", 0, undefined],
    ["1e3", 0, undefined],
    [" 1", 0, undefined],
    ["9007199254740993", 0, undefined],
  ])("%j as a whole number of at least %d is %p", (text, least, number) => {
    expect(wholeNumberOf(text, least)).toBe(number);
  });
});
