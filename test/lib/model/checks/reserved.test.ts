import { checkReserved } from "../../../../lib/model/checks/object";
import { KINDS } from "../../../../lib/model/kinds";

test.each([
  ["fabric", "fabric-7", undefined, true],
  ["fabric", "fabric-7", "7", false],
  ["fabric", "fabric-7", "8", true],
  ["fabric", "fabric-07", "7", true],
  ["fabric", "fabric-٣", undefined, true],
  ["fabric", "my-fabric-7", undefined, false],
  ["fabric", "space-7", undefined, false],
  ["space", "space-7", undefined, true],
  ["space", "undefined", undefined, true],
  ["space", "fabric-7", undefined, false],
] as const)("a %s may be called %s with the id %s: refused = %s", (kind, name, id, isRefused) => {
  expect(checkReserved(KINDS[kind], { name }, id)).toHaveLength(isRefused ? 1 : 0);
});
