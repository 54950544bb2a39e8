/** What makes the MAAS objects of a stack when it is deployed. */
export enum MaasEngine {
  /** The Terraform provider that comes with this package: every object is a resource, with a plan and a state of its own. */
  PROVIDER = "provider",
  /**
   * An {@link ApplyStep}, which brings the desired-state document about. Terraform gets no plugin and no resource per
   * object: for pipelines that allow no provider of one's own.
   */
  APPLY_STEP = "apply-step",
}
