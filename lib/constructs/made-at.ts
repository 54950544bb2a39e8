import { DISABLE_STACK_TRACE_IN_METADATA, type IConstruct } from "../cdk";

/** Frames that are kept: the library's own are on top, the user's follow. */
const FRAMES = 30;

/** As V8 captures it: turned into text when it is first read, through whatever maps positions to sources. */
interface Trace {
  readonly stack?: string;
}

const TRACES = new WeakMap<IConstruct, Trace>();

/**
 * Remembers the place in the program where the construct is made, unless the app has `stackTraces: false`. CDKTF keeps
 * none for constructs.
 */
export function rememberTrace(construct: IConstruct): void {
  if (construct.node.tryGetContext(DISABLE_STACK_TRACE_IN_METADATA) === true) return;
  const trace: Trace = {};
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = FRAMES;
  Error.captureStackTrace(trace, rememberTrace);
  Error.stackTraceLimit = stackTraceLimit;
  TRACES.set(construct, trace);
}

/** The frames below the construct's making, as V8 writes them, innermost first; none where they are switched off. */
export function traceOf(construct: IConstruct): readonly string[] {
  return TRACES.get(construct)?.stack?.split("\n").slice(1) ?? [];
}
