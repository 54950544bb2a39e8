import type { Command } from "commander";
import { mermaidBlock } from "../graph/mermaid";
import { simulateCommand, startRecorded } from "../simulator/command";
import { auditCommand } from "./audit-command";
import { exportCommand } from "./export-command";
import { graphCommand } from "./graph-command";
import { ipv6Command } from "./ipv6/ipv6-command";
import { migrateCommand } from "./migrate-command";
import { stdout } from "./output/terminal";
import { applyCommand, destroyCommand, planCommand } from "./plan-command";
import { savedPlanPicture } from "./planned-picture";
import { installPluginCommand } from "./plugin/install-plugin-command";
import { completionCommand, programOf } from "./program";
import { unlockCommand } from "./unlock-command";
import { verifyCommand } from "./verify-command";

/** `cdktf-maas` with all its commands. */
export const wholeProgram = (): Command =>
  programOf("cdktf-maas", "MAAS networks as CDKTF constructs: the programs that go with the library.", [
    planCommand({ start: startRecorded, draw: (savedPlan) => mermaidBlock(savedPlanPicture(savedPlan)) }),
    applyCommand(),
    verifyCommand(),
    destroyCommand(),
    unlockCommand(),
    auditCommand(),
    graphCommand(),
    exportCommand(),
    ipv6Command(),
    migrateCommand(),
    installPluginCommand(),
    simulateCommand((text) => stdout.reveal(text)),
    completionCommand(),
  ]);
