/** How much hosts prefer a router as their default router over others on the link (RFC 4191). */
export enum RouterPreference {
  LOW = "low",
  MEDIUM = "medium",
  HIGH = "high",
}
