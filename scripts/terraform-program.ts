import { spawnSync } from "node:child_process";

/** Whether the program is on the PATH. */
export const isOnPath = (program: string): boolean => spawnSync(program, ["version"]).error === undefined;

/**
 * The Terraform or OpenTofu that is run: `TERRAFORM_BINARY_NAME`, as cdktf has it, else whichever of `terraform` and `tofu` is on
 * the PATH. Undefined where there is none of both.
 *
 * @throws Error where the variable names a program that is not there.
 */
export function terraformProgram(): string | undefined {
  const { TERRAFORM_BINARY_NAME: named = "" } = process.env;
  if (named === "") return ["terraform", "tofu"].find(isOnPath);
  if (!isOnPath(named)) throw new Error(`TERRAFORM_BINARY_NAME is ${named}, and there is no such program on the PATH`);
  return named;
}
