import { SecretScan } from "../../test/support/secrets";
import { ProblemError } from "../../lib/model/problem";

/** What a program made of an input: whether it took it, and what it told the user. */
export interface Answer {
  readonly taken: boolean;
  readonly text: string;
}

export const TAKEN: Answer = { taken: true, text: "" };

export const taken = (text: string): Answer => ({ taken: true, text });

export const refused = (text: string): Answer => ({ taken: false, text });

/** Milliseconds of CPU time that an input may take. The inputs are small: what takes long is out of all proportion. */
const MOST_CPU_MS = 5000;

/** Milliseconds after which an input counts as a hang, also on a busy machine. */
const LONGEST_MS = 60_000;

/** A frame of a stack trace. */
export const STACK_FRAME = /^\s+at .+:\d+:\d+/m;

/** What no text for a user has: a trace of a stack, a value that was never meant to be shown, a mistake that tells of itself. */
const NONSENSE: readonly (readonly [name: string, pattern: RegExp])[] = [
  ["a stack trace", STACK_FRAME],
  ["an object as text", /\[object [A-Z]\w*\]/],
  ["undefined in a text", /(?<!["'`(/])\bundefined\b(?!["'`/])/],
  [
    "a mistake of the program",
    /This is a mistake in cdktf-maas|is a bug of|failed unexpectedly|Cannot read propert|is not a function/,
  ],
];

/** The key of every region here, and the password of its HTTP backend. */
export const API_KEY = "k7Qw2mZx9Lr4Tb6Yh3:t8Vn5cJd1Gs0Pf7Xe2:u9Hk4aWz6Rq1Mb8Ty3Ls5Vd0Nc7Gj2Xf";
export const PASSWORD = "p3Kx8-wQ5zM1-vR7t";

const SECRETS = new SecretScan([...API_KEY.split(":"), PASSWORD]);

/** Why the answer is none that a user should get; undefined where it is. `wanted` is what a refusal has to name. */
function wrong(answer: Answer, wanted: RegExp | undefined): string | undefined {
  const { text } = answer;
  const found = NONSENSE.find(([, pattern]) => pattern.test(text));
  if (found !== undefined) return `${found[0]}: ${text}`;
  const leak = SECRETS.inText(text);
  if (leak !== undefined) return `a secret: ${leak}`;
  if (answer.taken) return undefined;
  if (text.trim() === "") return "a refusal without a word";
  return wanted === undefined || wanted.test(text) ? undefined : `no place in: ${text}`;
}

export interface Verdict {
  readonly taken: boolean;
  /** What is wrong with how the input was answered. */
  readonly fault: string | undefined;
}

/** Plays one input. An error that is no `ProblemError` is a crash. */
export async function judged(play: () => Answer | Promise<Answer>, place?: RegExp): Promise<Verdict> {
  const [started, cpu] = [performance.now(), process.cpuUsage()];
  let answer: Answer;
  try {
    answer = await play();
  } catch (error) {
    if (!(error instanceof ProblemError)) {
      const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
      return { taken: false, fault: `a crash: ${text}` };
    }
    const leak = SECRETS.inValue(error);
    if (leak !== undefined) return { taken: false, fault: `a secret in an error: ${leak}` };
    answer = refused(error.message);
  }
  const ms = performance.now() - started;
  const { user, system } = process.cpuUsage(cpu);
  const isSlow = ms > LONGEST_MS || (user + system) / 1000 > MOST_CPU_MS;
  const fault = isSlow ? `it took ${ms.toFixed(0)} ms` : wrong(answer, place);
  return { taken: answer.taken, fault };
}
