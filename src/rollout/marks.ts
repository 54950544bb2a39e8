/**
 * How objects that `ipv6 write` makes are known again in a region: the path of the construct stands in a text that MAAS keeps. An
 * object without such a mark is somebody else's, and stays so.
 */
const MARK = /\bipv6 write: (\S+)$/;

/** Comment of a range, or description of a subnet, that the construct of a stack makes. */
export const markOf = (stackName: string, id: string): string => `by cdktf-maas ipv6 write: ${stackName}/${id}`;

/** The stack and the id of the construct that a text names: `STACK/ID`. */
export const madeBy = (text: string): string | undefined => MARK.exec(text)?.[1];
