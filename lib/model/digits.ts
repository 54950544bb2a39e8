const DIGIT = /^\p{Nd}$/u;

/** Unicode keeps the ten digits of a script together and in order: the value of a digit is its distance from the first. */
function valueOf(digit: string): number {
  const code = digit.codePointAt(0) ?? 0;
  let first = code;
  while (DIGIT.test(String.fromCodePoint(first - 1))) first -= 1;
  // Some scripts follow each other directly, such as the mathematical digits.
  return (code - first) % 10;
}

/** The whole number that decimal digits of any script stand for (`10`, `١٠`), as Python's `int()` reads it; undefined for other text. */
export function readDigits(text: string): number | undefined {
  const digits = [...text];
  if (digits.length === 0 || !digits.every((digit) => DIGIT.test(digit))) return undefined;
  return Number(digits.map(valueOf).join(""));
}
