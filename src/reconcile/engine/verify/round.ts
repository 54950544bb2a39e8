import type { NetworkDocument } from "../../../../lib/model/document";
import type { Region } from "../../region";
import type { Prepared } from "../prepare";

/** One look at a region: what has been read for it is read once. */
export interface Round extends Pick<Prepared, "plan" | "live" | "desired"> {
  readonly region: Region;
  readonly document: NetworkDocument;
}
