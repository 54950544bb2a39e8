import { Session } from "node:inspector/promises";

/** What some work took in this process. */
export interface Profile {
  /** Milliseconds of CPU, user and system. */
  readonly cpuMs: number;
  /** The part of it within the functions that were asked for: 0 to 1. */
  readonly share: number;
  /** The most memory that the process has had. */
  readonly peakMb: number;
}

/** What the work takes, and the share of the functions of these names in it, by samples of the stack. */
export async function profiled(names: readonly string[], work: () => unknown): Promise<Profile> {
  const session = new Session();
  session.connect();
  await session.post("Profiler.enable");
  await session.post("Profiler.setSamplingInterval", { interval: 1000 });
  await session.post("Profiler.start");
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  const { profile } = await session.post("Profiler.stop");
  session.disconnect();
  const counts = { all: 0, within: 0 };
  const byId = new Map(profile.nodes.map((node) => [node.id, node]));
  const visit = (id: number, isWithin: boolean): void => {
    const node = byId.get(id);
    if (node === undefined) return;
    // esbuild numbers functions that have the same name.
    const within = isWithin || names.includes(node.callFrame.functionName.replace(/\d+$/, ""));
    counts.all += node.hitCount ?? 0;
    if (within) counts.within += node.hitCount ?? 0;
    for (const child of node.children ?? []) visit(child, within);
  };
  if (profile.nodes[0] !== undefined) visit(profile.nodes[0].id, false);
  const peakMb = process.resourceUsage().maxRSS / 1024;
  return { cpuMs: (user + system) / 1000, share: counts.within / Math.max(1, counts.all), peakMb };
}
