/** How many texts are remembered: those of a network of some ten thousand subnets. */
const REMEMBERED = 200_000;

/**
 * A reader of texts that remembers what each was read as: a plan reads each address of a network many times.
 *
 * @param longest longer texts are not remembered
 */
export function remembering<T>(read: (text: string) => T, longest: number): (text: string) => T {
  const known = new Map<string, T>();
  return (text) => {
    if (text.length > longest) return read(text);
    const found = known.get(text);
    if (found !== undefined || known.has(text)) return found as T;
    if (known.size >= REMEMBERED) known.clear();
    const value = read(text);
    known.set(text, value);
    return value;
  };
}
