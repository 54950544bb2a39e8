import { execFileSync } from "node:child_process";
import { join } from "node:path";

const script = join(__dirname, "../../../scripts/generate-protocol.mjs");

describe("the generated protocol code", () => {
  it("is what the .proto files give", () => {
    expect(() => execFileSync(process.execPath, [script, "--check"], { stdio: "pipe" })).not.toThrow();
  });
});
