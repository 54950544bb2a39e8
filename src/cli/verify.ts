import { problemJson } from "../../lib/model/problem";
import type { Observation } from "../reconcile/engine/verify/observation";
import { type Verification, verify } from "../reconcile/engine/verify/verify";
import { readInput } from "./engine-input";
import { withInputRegion } from "./execute-plan";
import { observationLine, verificationText } from "./output/plan-text";
import { stderr, stdout, type Styled } from "./output/terminal";
import type { VerifyFormat, VerifyOptions } from "./verify-command";
import { watch } from "./watch";

/** Exit code when something is not as desired; 1 is for a command that failed. */
const NOT_AS_DESIRED = 2;

const FORMATS: Readonly<Record<VerifyFormat, (verification: Verification) => Styled>> = {
  text: verificationText,
  json: ({ isAsDesired, observations: found }) => {
    const observations = found.map((one) => ({ ...problemJson(one), level: one.severity }));
    return `${JSON.stringify({ format: "maas-verification", version: 1, as_desired: isAsDesired, observations }, undefined, 2)}\n`;
  },
};

/** Tells what is waited for, whenever that is something else than before. */
function waitingLines(write: (text: string) => void): (observations: readonly Observation[]) => void {
  let before = "";
  return (observations) => {
    const errors = observations.filter(({ severity }) => severity === "error").map(observationLine);
    const text = errors.map((line) => `  ${line}\n`).join("");
    if (text !== before) write(`Waiting; not as desired yet:\n${text}`);
    before = text;
  };
}

/** Does what `cdktf-maas verify` is for. */
export async function verifyDocument(document: string, options: VerifyOptions): Promise<void> {
  const { timeout, interval, format, quiet } = options;
  const input = await readInput(document, "apply", options);
  if (options.watch === true) {
    await watch(input, options);
    return;
  }
  // A region that does not answer is waited for as long as one that is not as desired.
  const retryTimeout = options.retryTimeout ?? (timeout > 0 ? timeout : undefined);
  const connection = { ...options, ...(retryTimeout !== undefined && { retryTimeout }) };
  const verification = await withInputRegion(input, connection, ({ client }, url) =>
    verify(client, input.request.document, {
      ...{ url, timeout: timeout * 1000, interval: interval * 1000 },
      ...(quiet !== true && { onWait: waitingLines((text) => stderr.write(text)) }),
    }),
  );
  stdout.write(FORMATS[format](verification));
  if (!verification.isAsDesired) process.exitCode = NOT_AS_DESIRED;
}
