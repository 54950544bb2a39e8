import fc from "fast-check";
import { mergeLock, pluginHash } from "../../../../lib/provider/plugin/lock-file";

const SOURCE = "cdktf-maas.invalid/cdktf-maas/maas";
const ENTRY = { source: SOURCE, version: "0.1.0", hash: "h1:aaaa=" };
const OURS = `provider "${SOURCE}" {
  version     = "0.1.0"
  constraints = "0.1.0"
  hashes = [
    "h1:aaaa=",
  ]
}
`;
const HEADER = `# This file is maintained automatically by "terraform init".
# Manual edits may be lost in future updates.
`;
const NULL = `provider "registry.example/hashicorp/null" {
  version     = "3.2.4"
  constraints = "~> 3.2"
  hashes = [
    "h1:hkf5w5B6q8e2A42ND2CjAvgvSN3puAosDmOJb3zCVQM=",
    "zh:59f6b52ab4ff35739647f9509ee6d93d7c032985d9f8c6237d1f8a59471bbbe2",
  ]
}
`;

test("an empty file becomes the entry", () => {
  expect(mergeLock("", ENTRY)).toBe(OURS);
});

test("other providers and comments are kept byte for byte, with the entry behind them", () => {
  expect(mergeLock(`${HEADER}\n${NULL}`, ENTRY)).toBe(`${HEADER}\n${NULL}\n${OURS}`);
});

test("an entry of another version or hash is replaced where it is", () => {
  const stale = OURS.replaceAll("0.1.0", "0.0.9").replace("h1:aaaa=", "h1:bbbb=");
  expect(mergeLock(`${HEADER}\n${stale}\n${NULL}`, ENTRY)).toBe(`${HEADER}\n${OURS}\n${NULL}`);
});

test("two entries of the provider become one", () => {
  const stale = OURS.replaceAll("0.1.0", "0.0.9");
  expect(mergeLock(`${stale}\n${NULL}\n${stale}`, ENTRY)).toBe(`${OURS}\n${NULL}\n`);
});

test("a provider whose source only resembles ours is another provider", () => {
  const other = OURS.replace(SOURCE, `${SOURCE}-extra`);
  expect(mergeLock(other, ENTRY)).toBe(`${other}\n${OURS}`);
});

test("braces and our own name in comments and strings are no block", () => {
  const text = `# provider "${SOURCE}" { not really
/*
provider "${SOURCE}" {
*/
provider "example.com/a/b" {
  version = "1.0.0" # }
  // } }
  constraints = "} \\" }"
}
`;
  expect(mergeLock(text, ENTRY)).toBe(`${text}\n${OURS}`);
});

test("a file without a last line break, or with Windows line ends, gets a whole entry", () => {
  expect(mergeLock(NULL.trimEnd(), ENTRY)).toBe(`${NULL.trimEnd()}\n\n${OURS}`);
  const windows = OURS.replace("0.1.0", "0.0.9").replaceAll("\n", "\r\n");
  expect(mergeLock(windows, ENTRY)).toBe(OURS);
});

test("a cut-off entry of ours is replaced", () => {
  expect(mergeLock(`${NULL}\nprovider "${SOURCE}" {\n  version = "0.0`, ENTRY)).toBe(`${NULL}\n${OURS}`);
});

test("whatever the file holds, merging twice changes nothing more and keeps the other blocks", () => {
  const part = fc.constantFrom(HEADER, NULL, OURS, OURS.replace("0.1.0", "0.0.9"), "\n", "# x }\n", "/* { */\n");
  fc.assert(
    fc.property(fc.array(part), (parts) => {
      const once = mergeLock(parts.join(""), ENTRY);
      expect(mergeLock(once, ENTRY)).toBe(once);
      expect(once.split(NULL).length).toBe(parts.join("").split(NULL).length);
      expect(once.split(OURS).length).toBe(2);
    }),
  );
});

test("the hash is the one that Terraform computes for a folder of one file", () => {
  // Recorded from `terraform providers lock -fs-mirror` of Terraform 1.11.4 for a file with this name and content.
  expect(pluginHash("terraform-provider-maas_v0.1.0", Buffer.from("#!/usr/bin/env node\nx\n"))).toBe(
    "h1:mSTEPOLzG0Bb33EADwdefyUtZ4xEUMyfAsYpGI1mKHo=",
  );
});
