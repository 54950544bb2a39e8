import { simulateCommand, startRecorded } from "../simulator/command";
import { auditCommand } from "./audit-command";
import { completionCommand, programOf, run } from "./program";
import { endWithParent } from "./end-with-parent";
import { exportCommand } from "./export-command";
import { graphCommand } from "./graph-command";
import { ipv6Command } from "./ipv6/ipv6-command";
import { installPluginCommand } from "./plugin/install-plugin-command";
import { migrateCommand } from "./migrate-command";
import { applyCommand, destroyCommand, planCommand } from "./plan-command";
import { stdout } from "./output/terminal";
import { unlockCommand } from "./unlock-command";
import { verifyCommand } from "./verify-command";

endWithParent();
void run(
  programOf("cdktf-maas", "MAAS networks as CDKTF constructs: the programs that go with the library.", [
    planCommand(startRecorded),
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
  ]),
);
