import { Annotations, type IConstruct } from "../cdk";
import type { Level } from "../rules/verdict";

const ANNOTATE: Readonly<Record<Level, (at: Annotations, text: string) => void>> = {
  error: (at, text) => at.addError(text),
  warning: (at, text) => at.addWarning(text),
  information: (at, text) => at.addInfo(text),
};

/** Says it at the construct once, however often the app is synthesised. */
export function annotateOnce(construct: IConstruct, level: Level, text: string): void {
  const isSaid = construct.node.metadata.some(({ data }) => data === text);
  if (!isSaid) ANNOTATE[level](Annotations.of(construct), text);
}
