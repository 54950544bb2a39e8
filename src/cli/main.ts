import { Command } from "commander";
import { version } from "../../package.json";
import { simulateCommand } from "../simulator/command";

const program = new Command("cdktf-maas")
  .description("MAAS networks as CDKTF constructs: the programs that go with the library.")
  .version(version)
  .addCommand(simulateCommand());

void program.parseAsync();
