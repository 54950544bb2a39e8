// For programs under test, with `node --require`: a time limit of more than a minute ends after a fortieth of it, so that a call
// that is given up after two minutes is given up after 3 s. Shorter ones stay: pauses between attempts, and the 30 s in which a plugin has to be called.
const { setTimeout: real } = globalThis;
const LONG_MS = 60_000;

const shortened = (work, ms, ...rest) => real(work, ms > LONG_MS ? ms / 40 : ms, ...rest);
globalThis.setTimeout = Object.assign(shortened, real);
