import { isStateCut } from "../../../scripts/faults/cell";

test.each<[before: string | undefined, after: string | undefined, isCut: boolean]>([
  [undefined, undefined, false],
  // Terraform makes an empty file when it locks a state that is not there yet.
  [undefined, "", false],
  ["", "", false],
  ["{}", "", true],
  ["{}", '{"version": 4', true],
  ["{}", "{}", false],
  [undefined, '{"version": 4}', false],
])("a state file that held %j before the kill and holds %j after it is cut off: %j", (before, after, isCut) => {
  expect(isStateCut(before, after)).toBe(isCut);
});
