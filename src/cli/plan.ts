import type { Command } from "commander";
import { RefusedError } from "../reconcile/engine/plan/guard";
import { planJson } from "../reconcile/engine/plan/plan";
import { ruleWarnings } from "../reconcile/engine/plan/plan-problems";
import { openSession, type ReadableRecord, type Session, type SessionPlan } from "../reconcile/engine/run/session";
import { type EngineInput, readInput } from "./engine-input";
import { withInputRegion } from "./execute-plan";
import { planMarkdown } from "./output/plan-view";
import { planText, type ShownPlan } from "./output/plan-text";
import { type Styled, writeOutput } from "./output/terminal";
import type { PlanCommandOptions, PlanExtras, PlanFormat, StartRecorded } from "./plan-command";

/** Exit code when there is something to do; 1 is for a command that failed. */
const CHANGES = 2;

const savedPlanText = ({ plan, refusals, report, warnings = [], takenAlong = [] }: ShownPlan): string =>
  planJson(plan, { refusals, warnings: [...ruleWarnings(report), ...warnings], takenAlong });

const FORMATS: Readonly<Record<PlanFormat, (shown: ShownPlan, picture?: string) => Styled>> = {
  ...{ text: (shown) => planText(shown), json: (shown) => savedPlanText(shown), markdown: planMarkdown },
};

/** The record by its keys alone: its ids are those of the live region, and a region served from a file has ids of its own. */
function withoutIds(record: ReadableRecord): ReadableRecord {
  const read = async () => {
    const document = await record.read();
    if (document === undefined) return undefined;
    const sections = Object.entries(document.objects).map(([kind, objects]) => [
      kind,
      objects.map(({ id: _, ...object }) => object),
    ]);
    return { ...document, objects: Object.fromEntries(sections) as typeof document.objects };
  };
  return { name: record.name, isKept: record.isKept, read };
}

/** Plans on the region that a file describes, in place of the live one. The plan names the region that the document is for. */
async function planAgainst(
  start: StartRecorded,
  session: Session,
  input: EngineInput,
  { against = "", maxDeletions, force }: PlanCommandOptions,
): Promise<SessionPlan> {
  const recorded = await start(against);
  try {
    const { url, apiKey } = recorded;
    return await withInputRegion({ ...input, url }, { apiKey }, (region) =>
      session.plan(region, { url: input.url ?? url, maxDeletions, force }),
    );
  } finally {
    await recorded.stop();
  }
}

/** Does what `cdktf-maas plan` is for. */
export async function plan(
  { start, draw }: Partial<PlanExtras>,
  document: string,
  options: PlanCommandOptions,
  command: Command,
): Promise<void> {
  const { format, output, guard, destroy, against, maxDeletions, force } = options;
  if (options.picture === true && format !== "markdown")
    command.error("error: --picture is for --format markdown. In other forms: cdktf-maas graph --plan plan.json.");
  const input = await readInput(document, destroy === true ? "destroy" : "apply", options);
  const session = await openSession(against === undefined ? input.store : withoutIds(input.store), input.request);
  const { standing: refusals, ...planned } =
    start !== undefined && against !== undefined
      ? await planAgainst(start, session, input, options)
      : await withInputRegion(input, options, (region, url) => session.plan(region, { url, maxDeletions, force }));
  // With --guard they are the error that comes after.
  const isToldLater = guard === true && format === "text";
  const shown = { ...planned, refusals: isToldLater ? [] : refusals };
  const picture = options.picture === true ? await draw?.(savedPlanText(shown)) : undefined;
  const text = FORMATS[format](shown, picture);
  writeOutput(output, text);
  if (guard === true && refusals.length > 0) throw new RefusedError(refusals);
  if (guard !== true && planned.plan.steps.length > 0) process.exitCode = CHANGES;
}
