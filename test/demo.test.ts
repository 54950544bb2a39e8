import { spawnSync } from "node:child_process";
import { symlinkSync } from "node:fs";
import { join, resolve } from "node:path";
import { temporaryFolder } from "./support/synth";

const ROOT = resolve(__dirname, "..");

test("the demo says so where TERRAFORM_BINARY_NAME names a program that is not there", () => {
  const { status, stderr } = spawnSync(process.execPath, ["scripts/run.mjs", "scripts/demo.ts"], {
    ...{ cwd: ROOT, encoding: "utf8", env: { ...process.env, TERRAFORM_BINARY_NAME: "terraform-of-elsewhere" } },
  });
  expect(status).toBe(1);
  expect(stderr).toContain("TERRAFORM_BINARY_NAME is terraform-of-elsewhere, and there is no such program on the PATH");
});

test("the demo runs with nothing but Node on the PATH, says so, and leaves the region as it was", () => {
  const path = temporaryFolder();
  symlinkSync(process.execPath, join(path, "node"));
  const { status, stdout, stderr } = spawnSync(process.execPath, ["scripts/run.mjs", "scripts/demo.ts"], {
    ...{ cwd: ROOT, encoding: "utf8", env: { HOME: path, PATH: path, NO_COLOR: "1" } },
  });
  expect([status, stderr]).toEqual([0, ""]);
  expect(stdout).toContain("Neither terraform nor tofu is on the PATH");
  const told = [
    "$ cdktf-maas plan\n",
    "Plan: 13 to create, 1 to update, 0 to delete, 0 to release.",
    "$ cdktf-maas apply --yes\n",
    "Done: 13 created, 1 updated, 0 deleted, 0 released.",
    "dhcpd6 on rack1 is off",
    "The region is as the document wants it.",
    "No changes.",
    "somebody removes the IPv6 gateway and switches DHCP off",
    "~ subnet 2001:db8:20::/64",
    "Done: 1 created, 1 updated",
    "VLAN untagged, DHCP by rack1",
    "$ cdktf-maas destroy --yes\n",
    "Done in",
  ];
  // Each after the one before.
  let rest = stdout;
  for (const text of told) {
    expect(rest).toContain(text);
    rest = rest.slice(rest.indexOf(text) + text.length);
  }
  const left = stdout.slice(stdout.lastIndexOf("deleted,"));
  expect(left).toContain("fabric fabric-0");
  expect(left).not.toContain("fabric lab");
}, 300_000);
