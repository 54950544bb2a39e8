import { existsSync } from "node:fs";
import { type Browser, chromium } from "playwright-core";

const PROGRAM = process.env.CHROMIUM ?? "/usr/bin/chromium";

/** Whether there is a Chromium. Without one the tests that need it say so; in CI they fail. */
export const hasChromium = existsSync(PROGRAM);

if (!hasChromium) {
  const message = `${PROGRAM} is missing, so no page is opened: run \`apt-get install chromium\`, or set CHROMIUM to another one`;
  if (process.env.CI === "true") throw new Error(message);
  process.stderr.write(`\nNOT TESTED: ${message}\n\n`);
}

/** A real browser, without a window, that asks nobody for anything by itself. */
export function launchChromium(): Promise<Browser> {
  const quiet = ["--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"];
  return chromium.launch({
    executablePath: PROGRAM,
    chromiumSandbox: false,
    args: [...quiet, "--disable-component-update", "--disable-sync"],
  });
}
