const maxRemembered = 20_000;

/**
 * `read`, with its answers for the first 20,000 different texts remembered: names are made of a few thousand
 * syllables. For pure functions only.
 */
export function remember<Result>(read: (text: string) => Result): (text: string) => Result {
  const known = new Map<string, Result>();
  return (text) => {
    let result = known.get(text);
    if (result === undefined) {
      result = read(text);
      if (known.size < maxRemembered) known.set(text, result);
    }
    return result;
  };
}
