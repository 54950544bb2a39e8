import { parse } from "node:path";
import type { NetworkDocument } from "../../lib/model/document";
import { parseJson } from "../../lib/model/json";
import { shown } from "../../lib/model/text";
import { changePicture } from "../graph/change/change-picture";
import type { PlannedObject } from "../graph/change/planned-object";
import { objectsOfSavedPlan, SAVED_STEPS } from "../graph/change/saved-plan";
import { objectsOfTerraformPlan, TERRAFORM_PLAN } from "../graph/change/terraform-plan";
import { mermaidBlock } from "../graph/mermaid";
import type { Picture } from "../graph/picture";
import { InputFileError } from "../reconcile/engine/input-error";
import { readInputFile } from "../reconcile/engine/input-file";
import { isSavedPlan, readSavedPlan, SavedPlanError } from "../reconcile/engine/plan/plan";

const WANTED =
  "Give a plan of `cdktf-maas plan --format json --output plan.json`, or of `terraform show -json plan.bin > plan.json`.";

/** What a plan has, and the stack that it is of where it says so. */
interface ReadPlan {
  readonly objects: readonly PlannedObject[];
  readonly stack?: string;
}

function savedPlan(file: string, text: string): ReadPlan {
  try {
    const { request } = readSavedPlan(text);
    const { success, data } = SAVED_STEPS.safeParse(parseJson(text));
    if (!success) throw new SavedPlanError("this saved plan is not whole. Make a new one.");
    const stack = documentStack(request.document);
    return { objects: objectsOfSavedPlan(data, request), ...(stack !== undefined && { stack }) };
  } catch (cause) {
    if (cause instanceof SavedPlanError) throw new InputFileError(file, cause.message, [], { cause });
    throw cause;
  }
}

/** What else the JSON may be that people have at hand. */
function otherThanPlan(json: unknown): string {
  const has = (...names: readonly string[]): boolean =>
    typeof json === "object" && json !== null && names.every((name) => name in json);
  if (has("encrypted_data")) return "this is encrypted by OpenTofu, and a plan as tofu show -json writes it is wanted";
  if (has("lineage", "serial")) return "this is a state, and a plan is wanted";
  return "this is no plan";
}

function terraformPlan(file: string, text: string): ReadPlan {
  let json: unknown;
  try {
    json = parseJson(text);
  } catch (cause) {
    const isBinary = text.startsWith("PK");
    const what = isBinary ? "this is a plan in Terraform's own form, and one in JSON is wanted" : "this is no JSON";
    throw new InputFileError(file, `${what}. ${WANTED}`, [], { cause });
  }
  const { success, data } = TERRAFORM_PLAN.safeParse(json);
  if (!success) throw new InputFileError(file, `${otherThanPlan(json)}. ${WANTED}`);
  if (!/^1\.\d+$/.test(data.format_version))
    throw new InputFileError(
      file,
      `the format_version of this plan is ${shown(JSON.stringify(data.format_version))}, and this program reads 1.x, which Terraform has written since 1.1. ` +
        "Write it with such a Terraform or OpenTofu, or install a newer cdktf-maas.",
    );
  return { objects: objectsOfTerraformPlan(data) };
}

/** A picture of what a plan of ours changes, of its JSON, as a block of Markdown. */
export function savedPlanBlock(text: string): string {
  const { objects, stack } = savedPlan("the plan", text);
  return mermaidBlock(changePicture(objects, stack ?? "plan"));
}

/** A picture of what a plan changes: of one of ours, or of Terraform's in JSON. @throws InputFileError */
export async function plannedPicture(file: string, title?: string): Promise<Picture> {
  const text = await readInputFile(file, WANTED);
  const { objects, stack } = isSavedPlan(text) ? savedPlan(file, text) : terraformPlan(file, text);
  return changePicture(objects, title ?? stack ?? parse(file).name);
}

/** The stack that all objects of a document are of; undefined = it does not say so. */
export function documentStack({ objects }: NetworkDocument): string | undefined {
  const paths = Object.values(objects).flatMap((list) => list.map(({ path }) => path));
  const [stack, ...others] = new Set(paths.map((path) => (path.includes("/") ? path.split("/")[0] : undefined)));
  return others.length === 0 ? stack : undefined;
}
