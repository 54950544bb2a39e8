/** Why a plan is not run unless the user insists, as `--force` names it. */
export const REFUSALS = ["existing", "deletions", "foreign", "region", "restored", "rules", "stale"] as const;

export type RefusalId = (typeof REFUSALS)[number];

/** How many deletions a plan may hold unless the user allows more. */
export const MAX_DELETIONS = 10;
