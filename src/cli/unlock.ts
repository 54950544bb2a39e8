import { HttpRecordStore } from "../reconcile/engine/record/http-store";
import { stdout } from "./output/terminal";

/** Does what `cdktf-maas unlock` is for. */
export async function unlock(id: string, { record }: { readonly record: string }): Promise<void> {
  await new HttpRecordStore(record).unlock(id);
  stdout.write("The record is free.\n");
}
