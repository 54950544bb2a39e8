import { printable } from "../../../lib/model/text";

/** What a log line may carry next to its message: names, counts and durations, never a value of a resource. */
export type LogFields = Readonly<Record<string, string | number | boolean>>;

const LEVELS = ["trace", "debug", "info", "warn", "error"] as const;

export type LogLevel = (typeof LEVELS)[number];

/** Writes to Terraform's log. */
export type Logger = Readonly<Record<LogLevel, (message: string, fields?: LogFields) => void>>;

/**
 * A logger of JSON lines in the form that Terraform reads from a plugin's stderr and shows at its own level.
 *
 * `TF_LOG_PROVIDER`, else `TF_LOG`, sets the level; without either nothing is written, since Terraform would drop it.
 * As in Terraform, `JSON` and what is no level mean `TRACE`.
 *
 * @param module the `@module` of each line.
 * @param write where a line goes, line break included.
 */
export function createLogger(
  module: string,
  environment: NodeJS.ProcessEnv = process.env,
  write: (line: string) => void = (line) => process.stderr.write(line),
): Logger {
  const threshold = thresholdOf(environment.TF_LOG_PROVIDER ?? environment.TF_LOG ?? "");
  const at = (level: LogLevel) =>
    LEVELS.indexOf(level) < threshold
      ? () => undefined
      : (message: string, fields: LogFields = {}) => {
          write(
            `${JSON.stringify({ ...printableFields(fields), "@level": level, "@message": printable(message), "@module": module, "@timestamp": timestamp() })}\n`,
          );
        };
  return { trace: at("trace"), debug: at("debug"), info: at("info"), warn: at("warn"), error: at("error") };
}

/** Terraform decodes a line and writes its values as they are. */
const printableFields = (fields: LogFields): LogFields =>
  Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [name, typeof value === "string" ? printable(value) : value]),
  );

function thresholdOf(setting: string): number {
  if (setting === "" || setting.toLowerCase() === "off") return LEVELS.length;
  return Math.max(0, LEVELS.indexOf(setting.toLowerCase() as LogLevel));
}

/** Terraform takes a line whose time hasn't exactly six decimals for plain text. */
function timestamp(): string {
  return new Date().toISOString().replace("Z", "000Z");
}

/** Where an exception was thrown, without its message, which may quote a value. */
export function stackFrames(error: unknown): string {
  const lines = error instanceof Error ? (error.stack ?? "").split("\n") : [];
  return lines.filter((line) => line.startsWith("    at ")).join("\n");
}
