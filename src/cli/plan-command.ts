import { Command, Option } from "commander";
import { RefusedError } from "../reconcile/engine/plan/guard";
import { planJson } from "../reconcile/engine/plan/plan";
import { ruleWarnings } from "../reconcile/engine/plan/plan-problems";
import { openSession, type ReadableRecord, type Session, type SessionPlan } from "../reconcile/engine/run/session";
import {
  DEFAULT_DOCUMENT,
  type EngineInput,
  ENVIRONMENT_HELP,
  type PlanOptions,
  readInput,
  readInputOrPlan,
  type RunOptions,
  withMaxDeletions,
  withPlanOptions,
  withRunOptions,
} from "./engine-input";
import { executePlan, withInputRegion } from "./execute-plan";
import { planMarkdown } from "./output/plan-view";
import { planText, type ShownPlan } from "./output/plan-text";
import { type Styled, writeOutput } from "./output/terminal";

/** Exit code when there is something to do; 1 is for a command that failed. */
const CHANGES = 2;

const savedPlanText = ({ plan, refusals, report, warnings = [], takenAlong = [] }: ShownPlan): string =>
  planJson(plan, { refusals, warnings: [...ruleWarnings(report), ...warnings], takenAlong });

const FORMATS: Readonly<Record<string, (shown: ShownPlan, picture?: string) => Styled>> = {
  ...{ text: (shown) => planText(shown), json: (shown) => savedPlanText(shown), markdown: planMarkdown },
};

/** What the engine's own program leaves out, which travels in a stack's folder. */
interface PlanExtras {
  /** Serves the region of a file, for `--against`. */
  readonly start: StartRecorded;
  /** Draws a saved plan as a block of Markdown, for `--picture`. */
  readonly draw: (savedPlan: string) => string;
}

interface PlanCommandOptions extends PlanOptions {
  readonly format: string;
  readonly output?: string;
  readonly guard?: true;
  readonly destroy?: true;
  readonly against?: string;
  readonly picture?: true;
}

/** Serves the region that a file describes. */
type StartRecorded = (
  file: string,
) => Promise<{ readonly url: string; readonly apiKey: string; stop(): Promise<void> }>;

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

async function plan(
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
  const picture = options.picture === true ? draw?.(savedPlanText(shown)) : undefined;
  const text = FORMATS[format]?.(shown, picture) ?? "";
  writeOutput(output, text);
  if (guard === true && refusals.length > 0) throw new RefusedError(refusals);
  if (guard !== true && planned.plan.steps.length > 0) process.exitCode = CHANGES;
}

/**
 * `cdktf-maas plan`: what `apply` would do. Changes nothing.
 *
 * @param extras what there are options for; without one of them there is no such option
 */
export function planCommand(extras: Partial<PlanExtras> = {}): Command {
  const command = new Command("plan")
    .description("Show what apply would change, without changing anything")
    .argument("[document]", "desired-state document of a stack", DEFAULT_DOCUMENT);
  if (extras.start !== undefined)
    command.option("--against <file>", "plan on the region that a file describes: a document of cdktf-maas export");
  if (extras.draw !== undefined)
    command.option("--picture", "with --format markdown: draw what changes, as far as a comment has room");
  return withMaxDeletions(withPlanOptions(command))
    .addOption(new Option("--format <format>", "form of the plan").choices(Object.keys(FORMATS)).default("text"))
    .option("--output <file>", "write the plan to a file; of the format json, apply can run it")
    .option("--destroy", "plan what destroy would do")
    .option("--guard", "exit with 0 when apply would go ahead, and with 1 when it would be refused")
    .addHelpText(
      "after",
      `${ENVIRONMENT_HELP}\nExit code: 0 = nothing to do, 2 = there are changes, 1 = it failed.` +
        "\nWith --guard: 0 = apply would go ahead, 1 = it would be refused, or the planning failed." +
        "\n\nExamples:\n  $ cdktf-maas plan cdktf.out/stacks/lab-network/maas-network.json\n  $ cdktf-maas plan --format json --output plan.json && cdktf-maas apply plan.json",
    )
    .action((document: string, options: PlanCommandOptions, command: Command) =>
      plan(extras, document, options, command),
    );
}

interface ApplyOptions extends RunOptions {
  readonly existingOnly?: true;
}

/** `cdktf-maas apply`: makes a region what a document wants it to be. */
export function applyCommand(): Command {
  const command = new Command("apply")
    .description("Make a region what a document wants it to be")
    .argument("[document]", "desired-state document of a stack, or a saved plan", DEFAULT_DOCUMENT);
  return withMaxDeletions(withRunOptions(command))
    .option("--existing-only", "change and delete what is there, and create only what that needs")
    .addHelpText(
      "after",
      `${ENVIRONMENT_HELP}\nExit code: 0 = all done, 1 = it failed, was refused, or was interrupted.` +
        "\n\nExamples:\n  $ cdktf-maas apply cdktf.out/stacks/lab-network/maas-network.json\n  $ cdktf-maas apply plan.json --yes\n  $ cdktf-maas apply --force existing --force deletions",
    )
    .action(async (document: string, options: ApplyOptions) =>
      executePlan(await readInputOrPlan(document, options), options),
    );
}

/** `cdktf-maas destroy`: takes what the runs have made out of a region again. */
export function destroyCommand(): Command {
  const command = new Command("destroy")
    .description("Delete what the record names, else what the document makes, and restore what was adopted")
    .argument("[document]", "desired-state document of a stack", DEFAULT_DOCUMENT);
  return withRunOptions(command)
    .addHelpText(
      "after",
      `${ENVIRONMENT_HELP}\nExit code: 0 = all done, 1 = it failed, was refused, or was interrupted.` +
        "\n\nExample:\n  $ cdktf-maas destroy cdktf.out/stacks/lab-network/maas-network.json",
    )
    .action(async (document: string, options: RunOptions) =>
      executePlan(await readInput(document, "destroy", options), options),
    );
}
