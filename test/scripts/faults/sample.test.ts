import * as fc from "fast-check";
import { pairs, sampled } from "../../../scripts/faults/sample";

const numbers = (count: number): number[] => Array.from({ length: count }, (_, index) => index);

describe("a sample of cells", () => {
  it("has every suite and every command, also where it is smaller than their product", () => {
    const groups = pairs(["calls", "connections", "kills", "restarts"], ["apply", "plan", "change", "destroy"]).map(
      (pair) => [pair],
    );
    const chosen = sampled(groups, 10, 11);
    for (const index of [0, 1]) expect([...new Set(chosen.map((pair) => pair[index]))]).toHaveLength(4);
  });

  it("pairs each with each, once, and evenly from the start", () => {
    const count = fc.integer({ min: 1, max: 6 });
    fc.assert(
      fc.property(count, count, (suites, commands) => {
        const all = pairs(numbers(suites), numbers(commands));
        expect(new Set(all.map(String)).size).toBe(suites * commands);
        for (let size = 1; size <= all.length; size += 1) {
          for (const [index, items] of [numbers(suites), numbers(commands)].entries()) {
            const times = items.map((one) => all.slice(0, size).filter((pair) => pair[index] === one).length);
            expect(Math.max(...times) - Math.min(...times)).toBeLessThanOrEqual(1);
          }
        }
      }),
    );
  });

  it("takes as many of each group as of the others, and the same for the same seed", () => {
    const groups = [numbers(5), numbers(2).map((item) => item + 10), numbers(9).map((item) => item + 20)];
    const chosen = sampled(groups, 9, 3);
    expect(chosen).toEqual(sampled(groups, 9, 3));
    expect(groups.map((group) => group.filter((item) => chosen.includes(item)).length)).toEqual([4, 2, 3]);
    expect(sampled(groups, Infinity, 3).sort((a, b) => a - b)).toEqual(groups.flat());
  });
});
