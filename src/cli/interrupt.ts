const SIGNALS = ["SIGINT", "SIGTERM"] as const;

/**
 * Runs something that the first SIGINT or SIGTERM asks to come to an end. The second one ends the process, as if nobody
 * had listened.
 */
export async function onInterrupt<T>(tell: () => void, use: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  const stopListening = (): void => SIGNALS.forEach((signal) => process.off(signal, interrupt));
  const interrupt = (): void => {
    stopListening();
    tell();
    controller.abort();
  };
  for (const signal of SIGNALS) process.on(signal, interrupt);
  try {
    return await use(controller.signal);
  } finally {
    stopListening();
  }
}
