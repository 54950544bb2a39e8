import { CommanderError } from "commander";
import { DocumentError } from "../../lib/model/document/error";
import { fault } from "../../lib/model/problem";
import { errorJson } from "../../src/cli/output/error-json";
import { RunError, UnconfirmedError } from "../../src/cli/output/run-errors";
import { MaasConfigError } from "../../src/maas/config-error";
import { MaasNetworkError } from "../../src/maas/errors";
import { InputFileError } from "../../src/reconcile/engine/input-error";
import { readDocumentOf } from "../../src/reconcile/engine/input-file";
import { refused, RefusedError } from "../../src/reconcile/engine/plan/guard";
import type { Step } from "../../src/reconcile/engine/plan/order";
import { SavedPlanError } from "../../src/reconcile/engine/plan/plan";
import { PlanError } from "../../src/reconcile/engine/plan/plan-problems";
import { RecordLockedError } from "../../src/reconcile/engine/record/record-store";
import { ObjectError } from "../../src/reconcile/objects/failure";
import { cdktfMaas } from "../support/command-line";

jest.setTimeout(60_000);

const jsonOf = (error: unknown): Record<string, unknown> =>
  (JSON.parse(errorJson(error)) as { error: Record<string, unknown> }).error;

const step = (key: string): Step => ({
  ...{ action: "create", kind: "subnet", key, path: `lab/${key}`, after: [], differences: [], desired: {} },
});

const request = { method: "GET", path: "subnets/", url: "http://region/MAAS/api/2.0/subnets/" } as const;
const unreached = new MaasNetworkError(request, "no answer", { outcome: "not-sent", recovery: "safe" });
const refusal = { ...refused("MAAS-RUN-07", "stale"), what: "w", why: "y", fix: "f", about: [] };

const problem = { ...fault("MAAS-DOC-01", undefined, { what: "w", fix: "f" }), subject: { pointer: "/version" } };
const coded = (code: string): object => ({ code, severity: "error" });

describe("an error as JSON", () => {
  test.each<[string, unknown, object]>([
    [
      "usage",
      new CommanderError(1, "commander.unknownOption", "error: unknown option '--fox'"),
      { code: "MAAS-RUN-11" },
    ],
    [
      "input",
      new InputFileError("a.json", "p", [problem]),
      {
        ...{ code: "MAAS-FIL-01", file: "a.json" },
        problems: [{ ...coded("MAAS-DOC-01"), pointer: "/version", what: "w", fix: "f" }],
      },
    ],
    ["saved_plan", new SavedPlanError("p"), { code: "MAAS-FIL-03" }],
    [
      "plan",
      new PlanError([{ ...fault("MAAS-PLN-02", "vlan", { what: "w", fix: "f" }), subject: { path: "lab/v4" } }]),
      {
        code: "MAAS-PLN-01",
        problems: [{ ...coded("MAAS-PLN-02"), path: "lab/v4", attribute: "vlan", what: "w", fix: "f" }],
      },
    ],
    ["refused", new RefusedError([refusal]), { code: "MAAS-RUN-01", refusals: [refusal] }],
    ["unconfirmed", new UnconfirmedError("p"), { code: "MAAS-RUN-08" }],
    ["locked", new RecordLockedError("a.lock", { who: "another run" }), { code: "MAAS-FIL-02", file: "a.lock" }],
    [
      "configuration",
      new MaasConfigError("api_key", "is not given"),
      {
        code: "MAAS-CFG-02",
        problems: [{ ...coded("MAAS-CFG-02"), attribute: "api_key", what: "api_key is not given" }],
      },
    ],
    ["maas", unreached, { code: "MAAS-API-01", request: { method: "GET", path: "subnets/" } }],
    ["other", new TypeError("p"), { code: "MAAS-RUN-12" }],
    ["other", "p", { code: "MAAS-RUN-12" }],
  ])("has the kind %s, the message, the code and what more is known", (kind, error, more) => {
    const message = error instanceof Error ? error.message : "p";
    expect(jsonOf(error)).toEqual({ kind, message, problems: [], ...more });
  });

  test("is one line, whatever the message", () => {
    expect(errorJson(new Error("a\nb"))).toMatch(/^[^\n]+\n$/);
  });

  test("of a run has each reason with the object's place and attribute, and every step by what became of it", () => {
    const words = { what: "it is no address of the subnet", fix: "give 10.0.0.1" };
    const error = new ObjectError(fault("MAAS-OPS-09", "gateway_ip", words));
    const report = { done: [step("a")], failed: [{ step: step("b"), error }], notTried: [step("c")] };
    const named = (key: string): object => ({ action: "create", kind: "subnet", key, path: `lab/${key}` });
    expect(jsonOf(new RunError(report, false))).toMatchObject({
      kind: "run",
      problems: [{ code: "MAAS-OPS-09", path: "lab/b", attribute: "gateway_ip", ...words }],
      steps: { done: [named("a")], failed: [named("b")], not_tried: [named("c")] },
    });
  });
});

describe("the error of a run in words", () => {
  const failing = (error: unknown): string =>
    new RunError({ done: [], failed: [{ step: step("b"), error }], notTried: [] }, false).message;

  test("names at most ten steps that were not tried", () => {
    const notTried = Array.from({ length: 12 }, (_, index) => step(`s${index}`));
    const { message } = new RunError({ done: [], failed: [], notTried }, true);
    expect(message.match(/create subnet/g)).toHaveLength(10);
    expect(message).toContain("and 2 more");
    expect(message).toContain("the run was interrupted: 0 done, 0 failed, 12 not tried");
  });

  test("tells a region that undoes what was made from an interrupt", () => {
    const { message } = new RunError({ done: [step("a")], failed: [], notTried: [step("a")] }, false);
    expect(message).toContain("the region keeps changing by itself what was made: 1 done, 0 failed, 1 not tried");
  });

  test("shows no control characters of what a region answers", () => {
    expect(failing(new ObjectError(fault("MAAS-OPS-01", undefined, { what: "odd \u001b[2J name" })))).toContain(
      "odd \\u001b[2J name",
    );
  });

  test("calls what nobody has foreseen a mistake of the program", () => {
    expect(failing(new TypeError("x is undefined"))).toContain(
      "x is undefined\n  Fix: This is a mistake in cdktf-maas. [MAAS-RUN-12]",
    );
  });
});

test("a document that is none is reported with its name and everything that is wrong in it", () => {
  try {
    readDocumentOf("some.json", '{ "format": "other", "version": 9 }');
    throw new Error("it was read");
  } catch (error) {
    expect(error).toBeInstanceOf(InputFileError);
    const { cause, problems, message } = error as InputFileError;
    expect(problems).toEqual((cause as DocumentError).problems);
    expect(message).toMatch(/^some\.json: .*\/format.*\/version/s);
  }
});

describe("--error-format json", () => {
  test.each([
    [["--error-format", "json", "plan", "absent.json"], "input"],
    [["plan", "absent.json", "--error-format", "json"], "input"],
    [["--error-format", "json", "plan", "--fox"], "usage"],
    [["--error-format", "json", "plna"], "usage"],
    [["--error-format", "json", "graph", "absent.json"], "input"],
    [["--error-format", "json", "audit"], "configuration"],
    [["--error-format", "json", "simulate", "--port", "x"], "usage"],
    [["--error-format", "json", "simulate", "--seed", "absent.json", "--port", "0"], "usage"],
  ])("makes one JSON object of what goes wrong: %j", async (args, kind) => {
    const { code, stdout, stderr } = await cdktfMaas(args);
    expect([code, stdout]).toEqual([1, ""]);
    expect(JSON.parse(stderr)).toMatchObject({ error: { kind, message: expect.any(String) as string } });
  });

  test("may come from the environment", async () => {
    const { stderr } = await cdktfMaas(["plan", "absent.json"], { CDKTF_MAAS_ERROR_FORMAT: "json" });
    expect(JSON.parse(stderr)).toMatchObject({ error: { kind: "input", file: "absent.json" } });
  });

  test("leaves help and version as they are", async () => {
    const help = await cdktfMaas(["--error-format", "json", "plan", "--help"]);
    expect([help.code, help.stderr]).toEqual([0, ""]);
    expect(help.stdout).toContain("Usage: cdktf-maas plan");
  });
});
