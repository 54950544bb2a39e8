import type { Command } from "commander";
import { simulateCommand, startRecorded } from "../simulator/command";
import { auditCommand } from "./audit-command";
import { completionCommand } from "./completion-command";
import { exportCommand } from "./export-command";
import { graphCommand } from "./graph-command";
import { ipv6Command } from "./ipv6/ipv6-command";
import { migrateCommand } from "./migrate-command";
import { stdout } from "./output/terminal";
import { applyCommand, destroyCommand, planCommand } from "./plan-command";
import { installPluginCommand } from "./plugin/install-plugin-command";
import { programOf } from "./program";
import { unlockCommand } from "./unlock-command";
import { verifyCommand } from "./verify-command";

/** `cdktf-maas` with all its commands. */
export const wholeProgram = (): Command =>
  programOf("cdktf-maas", "MAAS networks as CDKTF constructs: the programs that go with the library.", [
    planCommand({
      start: startRecorded,
      draw: async (savedPlan) => (await import("./planned-picture.js")).savedPlanBlock(savedPlan),
    }),
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
