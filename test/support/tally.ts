import { appendFileSync } from "node:fs";
import { RegionFront } from "./region-front";

/**
 * From now on each test of the file that calls the region which MAAS_E2E_URL names is entered in the run's tally.
 * count-reporter.js reads it at the end.
 */
export function keepTally(): void {
  let before = 0;
  beforeEach(() => {
    before = RegionFront.calls;
  });
  afterEach(() => {
    const { MAAS_E2E_TALLY: tally } = process.env;
    const { currentTestName, testPath } = expect.getState();
    if (tally === undefined || RegionFront.calls === before) return;
    appendFileSync(tally, `${JSON.stringify([testPath, currentTestName])}\n`);
  });
}
