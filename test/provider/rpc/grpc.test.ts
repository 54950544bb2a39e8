import { createLogger } from "../../../src/provider/rpc/grpc";

describe("logger", () => {
  function linesAt(environment: NodeJS.ProcessEnv): Record<string, unknown>[] {
    const lines: string[] = [];
    const log = createLogger("demo", environment, (line) => lines.push(line));
    for (const level of ["trace", "debug", "info", "warn", "error"] as const) log[level](`a ${level}`, { tf_rpc: "X" });
    return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
  }

  describe("the log", () => {
    it.each([
      [{}, []],
      [{ TF_LOG: "off" }, []],
      [{ TF_LOG: "error" }, ["error"]],
      [{ TF_LOG: "WARN" }, ["warn", "error"]],
      [{ TF_LOG: "json" }, ["trace", "debug", "info", "warn", "error"]],
      [{ TF_LOG: "error", TF_LOG_PROVIDER: "info" }, ["info", "warn", "error"]],
    ])("under %j holds the levels %j", (environment, levels) => {
      expect(linesAt(environment).map((line) => line["@level"])).toEqual(levels);
    });

    it("has the keys that Terraform reads, with a time of six decimals", () => {
      expect(linesAt({ TF_LOG: "error" })).toEqual([
        {
          "@level": "error",
          "@message": "a error",
          "@module": "demo",
          "@timestamp": expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/) as unknown,
          tf_rpc: "X",
        },
      ]);
    });
  });
});
