import { Command, Option } from "commander";
import { HTTP_RECORD } from "../reconcile/engine/record/record-name";

/** `cdktf-maas unlock`: frees the lock of a record behind Terraform's HTTP backend. */
export function unlockCommand(): Command {
  return new Command("unlock")
    .description("Free the lock of a shared record whose run is gone")
    .argument("<id>", "ID of the lock, as the message about it has it")
    .addOption(new Option("--record <url>", "http (TF_HTTP_ADDRESS), or the URL of the record").default(HTTP_RECORD))
    .addHelpText(
      "after",
      "\nThe server is the one of TF_HTTP_ADDRESS, TF_HTTP_LOCK_ADDRESS and so on, as for apply.\nExit code: 0 = the record is free, 1 = it failed." +
        "\n\nExample:\n  $ cdktf-maas unlock 5f1f2a0c-6d1b-4d5e-9b1e-0f3f6a3c1f11",
    )
    .action(async (id: string, options: { readonly record: string }) =>
      (await import("./unlock.js")).unlock(id, options),
    );
}
