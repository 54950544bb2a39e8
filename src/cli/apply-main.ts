import { applyCommand, destroyCommand, planCommand } from "./plan-command";
import { programOf, run } from "./program";
import { verifyCommand } from "./verify-command";

/** What travels in a stack's folder: the engine, and nothing else. */
void run(
  programOf("cdktf-maas-apply", "Reconcile MAAS networks with a desired-state document.", [
    planCommand(),
    applyCommand(),
    verifyCommand(),
    destroyCommand(),
  ]),
);
