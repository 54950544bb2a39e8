import { copyFileSync } from "node:fs";
import { join } from "node:path";
import { type ISynthesisSession, TerraformStack } from "../../cdk";
import { factsOf, packageRoot } from "../../constructs/internal/facts";
import { regionsOf } from "../../constructs/internal/region";
import { AroundSynthesis, folderOf } from "../../constructs/internal/synthesised";
import { MaasEngine } from "../../constructs/maas-engine";
import { requireProgram } from "../plugin/place-plugin";
import { provideNull } from "./carrier";
import { APPLY_PROGRAM } from "./step-provisioners";

/** Places the program that apply steps run in a stack's folder, and gives the stack what their resources need. */
export class ApplyStepPlacement extends AroundSynthesis {
  /** Wraps the stack's synthesizer, once. */
  static installFor(stack: TerraformStack): void {
    AroundSynthesis.around("apply-step-placement", ApplyStepPlacement, stack);
  }

  /** @throws ProgramMissingError before anything is written. */
  override synthesize(session: ISynthesisSession): void {
    const program = join(packageRoot(), "dist", "bin", APPLY_PROGRAM);
    requireProgram(this.stack, "the program that an apply step runs", program);
    // Only now: the user may have made one after the apply step.
    provideNull(this.stack);
    this.#orderStacks();
    this.inner.synthesize(session);
    copyFileSync(program, join(folderOf(this.stack, session), APPLY_PROGRAM));
  }

  /** Other stacks that make what this one refers to come first. CDKTF sees that by itself only where Terraform refers to it. */
  #orderStacks(): void {
    if (regionsOf(this.stack).every(({ engine }) => engine === MaasEngine.PROVIDER)) return;
    const references = this.stack.node
      .findAll()
      .flatMap((construct) => Object.values(factsOf(construct)?.references ?? {}));
    const others = new Set(references.map((target) => TerraformStack.of(target)));
    others.delete(this.stack);
    for (const other of others) this.stack.addDependency(other);
  }
}
