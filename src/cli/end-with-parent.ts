/** How often a parent is looked for, in milliseconds. */
const INTERVAL = 500;

/**
 * Ends this process as SIGTERM does when its parent is gone. A Python program that has started it through jsii passes no signal on: it
 * dies alone, and what it has started would go on without anybody who could end it.
 */
export function endWithParent(): void {
  if (process.env.JSII_AGENT === undefined) return;
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    process.kill(process.pid, "SIGTERM");
  }, INTERVAL);
  timer.unref();
}
