import { Command } from "commander";
import { type ConnectionOptions, withConnectionOptions } from "./connection-options";

export interface MigrateOptions extends ConnectionOptions {
  readonly write?: true;
  readonly state?: string;
}

/** `cdktf-maas migrate`: a configuration of canonical/maas, rewritten for this package's provider. */
export function migrateCommand(): Command {
  const command = new Command("migrate")
    .description("Rewrite Terraform files of canonical/maas for the provider of this package")
    .argument("[file...]", "Terraform files, or folders of them", ["."]);
  return withConnectionOptions(command)
    .option("--write", "write the files; without it, the changes are shown as a diff")
    .option("--state <file>", "the state of the configuration (default: terraform.tfstate beside it)")
    .addHelpText(
      "after",
      "\nThe region of MAAS_API_URL (or --url) and MAAS_API_KEY is asked for what neither the files nor the state say." +
        "\nExit code: 0 = done, 2 = something is left to you, 1 = it failed, and nothing was written." +
        "\n\nExamples:\n  $ cdktf-maas migrate .\n  $ terraform state pull > state.json && cdktf-maas migrate --write --state state.json .",
    )
    .action(async (paths: readonly string[], options: MigrateOptions) =>
      (await import("./migrate.js")).migrateFiles(paths, options),
    );
}
