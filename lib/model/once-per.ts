/** The function, worked out once per object, and kept as long as that: what many share of one network, or of one region. */
export function oncePer<K extends object, T>(compute: (object: K) => T): (object: K) => T {
  const results = new WeakMap<K, { readonly value: T }>();
  return (object) => {
    let result = results.get(object);
    if (result === undefined) {
      result = { value: compute(object) };
      results.set(object, result);
    }
    return result.value;
  };
}
