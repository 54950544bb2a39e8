import { isAtLeast, type Release } from "../../../lib/model/api-place";

test.each<[string, Release, boolean | undefined]>([
  ["3.6.5", [3, 6], true],
  ["3.6.0", [3, 6], true],
  ["3.4.10", [3, 6], false],
  ["4.0.0", [3, 6], true],
  ["3.10.0", [3, 6], true],
  ["3.7.0~beta1", [3, 7], true],
  ["3.6.0", [3, 6, 1], false],
  ["3.6", [3, 6, 1], false],
  ["3.6.1", [3, 6, 1], true],
  ["3.7.0", [3, 6, 1], true],
  ["", [3, 6], undefined],
  ["master", [3, 6], undefined],
])("whether %j is at least %j is %j", (version, release, expected) => {
  expect(isAtLeast(version, release)).toBe(expected);
});
