import { Command } from "commander";
import { version } from "../../package.json";
import { simulateCommand } from "../simulator/command";
import { auditCommand } from "./audit-command";
import { graphCommand } from "./graph-command";

const program = new Command("cdktf-maas")
  .description("MAAS networks as CDKTF constructs: the programs that go with the library.")
  .version(version)
  .addCommand(simulateCommand())
  .addCommand(auditCommand())
  .addCommand(graphCommand());

program.parseAsync().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
