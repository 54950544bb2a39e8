import { readDigits } from "../../../lib/model/digits";

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
