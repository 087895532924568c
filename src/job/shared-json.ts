/** Plain data in memory that threads share, so that every task of every thread can carry it. */
export type SharedJson<Value> = Uint8Array<SharedArrayBuffer> & { readonly value?: Value };

/** Puts plain data there. */
export function shareJson<Value>(value: Value): SharedJson<Value> {
  const json = Buffer.from(JSON.stringify(value));
  const shared = new Uint8Array(new SharedArrayBuffer(json.length));
  shared.set(json);
  return shared;
}

/** The reverse of `shareJson`. */
export function readSharedJson<Value>(shared: SharedJson<Value>): Value {
  return JSON.parse(Buffer.from(shared).toString("utf8")) as Value;
}
