import type { NetworkDocument } from "../../../../lib/model/document";
import type { Region } from "../../region";
import type { Planned } from "../prepare";

/** One look at a region: what has been read for it is read once. */
export interface Round extends Pick<Planned, "plan" | "live" | "desired"> {
  readonly region: Region;
  readonly document: NetworkDocument;
}
