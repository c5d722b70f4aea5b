// Runs before any program, in the same realm. What it needs later is taken now: a program may change every object it
// can reach. There are no templates, since QuickJS calls `concat` for them, which a program can change, too. The result
// is an array of functions that only the host holds.
(() => {
  "use strict";
  const { apply, construct, getOwnPropertyDescriptor, getPrototypeOf, ownKeys } = Reflect;
  const { isArray } = Array;
  const { hasOwn } = Object;
  const { stringify } = JSON;
  const getter = (owner, name) => getOwnPropertyDescriptor(owner, name).get;
  const ObjectPrototype = Object.prototype;
  const TypedArray = getPrototypeOf(Int8Array);
  const typedName = getter(TypedArray.prototype, Symbol.toStringTag);
  const typedLength = getter(TypedArray.prototype, "length");
  const { forEach: eachOfMap, get: mapGet } = Map.prototype;
  const { forEach: eachOfSet } = Set.prototype;
  const { getTime } = Date.prototype;
  const { then } = Promise.prototype;
  const { has: isMember, add: addMember } = WeakSet.prototype;
  const source = getter(RegExp.prototype, "source");
  const flags = [
    ["d", getter(RegExp.prototype, "hasIndices")],
    ["g", getter(RegExp.prototype, "global")],
    ["i", getter(RegExp.prototype, "ignoreCase")],
    ["m", getter(RegExp.prototype, "multiline")],
    ["s", getter(RegExp.prototype, "dotAll")],
    ["u", getter(RegExp.prototype, "unicode")],
    ["v", getter(RegExp.prototype, "unicodeSets")],
    ["y", getter(RegExp.prototype, "sticky")],
  ];
  const flagCount = flags.length;
  const MOST_DEPTH = 40;
  const LARGEST = 10n ** 2000n;
  const SMALLEST = -LARGEST;

  // A proxy's traps would run while it is read, so proxies are known from their making.
  const proxies = new WeakSet();
  const RealProxy = Proxy;
  const noted = (proxy) => (apply(addMember, proxies, [proxy]), proxy);
  const revocable = Proxy.revocable;
  globalThis.Proxy = function Proxy(target, handler) {
    if (new.target === undefined) throw new TypeError("Constructor Proxy requires 'new'");
    return noted(new RealProxy(target, handler));
  };
  globalThis.Proxy.revocable = (target, handler) => {
    const made = apply(revocable, RealProxy, [target, handler]);
    noted(made.proxy);
    return made;
  };

  // Clock and random numbers are the same in every run.
  const NOON = 1767268800000;
  const RealDate = Date;
  const FixedDate = function Date(...parts) {
    if (new.target === undefined) return apply(RealDate.prototype.toString, new RealDate(NOON), []);
    return construct(RealDate, parts.length === 0 ? [NOON] : parts, new.target);
  };
  FixedDate.prototype = RealDate.prototype;
  FixedDate.parse = RealDate.parse;
  FixedDate.UTC = RealDate.UTC;
  FixedDate.now = () => NOON;
  Object.defineProperty(FixedDate, "length", { value: 7 });
  const hidden = (owner, name, value) =>
    Object.defineProperty(owner, name, { value, writable: true, configurable: true, enumerable: false });
  hidden(RealDate.prototype, "constructor", FixedDate);
  hidden(globalThis, "Date", FixedDate);
  let seed = 1;
  hidden(Math, "random", () => {
    seed = (seed * 48271) % 2147483647;
    return seed / 2147483647;
  });
  hidden(globalThis, "performance", { now: () => 0, timeOrigin: NOON, mark() {}, measure() {} });
  const quiet = {};
  for (const name of ["assert", "debug", "error", "group", "groupEnd", "info", "log", "table", "time", "timeEnd", "trace", "warn"])
    quiet[name] = () => {};
  hidden(globalThis, "console", quiet);
  delete globalThis.SharedArrayBuffer;
  delete globalThis.FinalizationRegistry;

  const brands = new Map();
  const branded = (brand, ...owners) => {
    for (const each of owners)
      apply(Map.prototype.set, brands, [each.prototype, { __proto__: null, brand, name: each.name }]);
  };
  branded("map", Map);
  branded("set", Set);
  branded("date", RealDate);
  branded("regexp", RegExp);
  branded("error", Error, EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError, AggregateError);
  branded("typed", TypedArray);
  branded("promise", Promise);
  branded("opaque", WeakMap, WeakSet, WeakRef, ArrayBuffer, DataView, Iterator, Function);
  for (const each of [async function* () {}, function* () {}]) {
    const made = getPrototypeOf(getPrototypeOf(each.prototype));
    apply(Map.prototype.set, brands, [made, { __proto__: null, brand: "opaque", name: "Generator" }]);
  }

  const isProxy = (value) => apply(isMember, proxies, [value]);
  const own = (value, key) => {
    const found = getOwnPropertyDescriptor(value, key);
    return found !== undefined && hasOwn(found, "value") ? found.value : undefined;
  };

  // What kind of object it is, by what it inherits from: [brand, name of its class].
  const kindOf = (value) => {
    let name = "";
    let current = getPrototypeOf(value);
    for (let steps = 0; current !== null && steps < 20; steps++) {
      if (isProxy(current)) return { __proto__: null, brand: "opaque", name: "Proxy" };
      const known = apply(mapGet, brands, [current]);
      if (known !== undefined) return { __proto__: null, brand: known.brand, name: name || known.name };
      if (name === "") {
        const maker = own(current, "constructor");
        const given = typeof maker === "function" && !isProxy(maker) ? own(maker, "name") : undefined;
        name = typeof given === "string" ? given : "";
      }
      if (current === ObjectPrototype) break;
      current = getPrototypeOf(current);
    }
    return { __proto__: null, brand: "", name: name || "Object" };
  };

  let left = 0;
  const opaque = (name) => '["opaque",' + stringify(name) + ']';

  const text = (value) => {
    left -= value.length;
    return left < 0 ? undefined : stringify(value);
  };

  const list = (head, value, length, depth, above) => {
    let out = "";
    for (let at = 0; at < length; at++) {
      const found = getOwnPropertyDescriptor(value, at);
      if (at > 0) out += ",";
      if (found === undefined) out += (left--, '["hole"]');
      else out += hasOwn(found, "value") ? encoded(found.value, depth + 1, above) : opaque("getter");
      if (left < 0) return opaque(head);
    }
    return '["list",' + stringify(head) + ',[' + out + ']]';
  };

  const fields = (name, value, depth, above) => {
    const keys = ownKeys(value);
    const count = keys.length;
    let out = "";
    for (let at = 0; at < count; at++) {
      const key = keys[at];
      if (typeof key !== "string") continue;
      const found = getOwnPropertyDescriptor(value, key);
      if (found === undefined || !found.enumerable) continue;
      const shown = text(key);
      if (shown === undefined) return opaque(name);
      const part = hasOwn(found, "value") ? encoded(found.value, depth + 1, above) : opaque("getter");
      out += (out === "" ? "" : ",") + '[' + shown + ',' + part + ']';
      if (left < 0) return opaque(name);
    }
    return '["object",' + stringify(name) + ',[' + out + ']]';
  };

  const special = (kind, value, depth, above) => {
    const { brand, name } = kind;
    let out = "";
    if (brand === "map") {
      apply(eachOfMap, value, [
        (each, key) => {
          if (left < 0) return;
          out += (out === "" ? "" : ",") + '[' + encoded(key, depth + 1, above) + ',' + encoded(each, depth + 1, above) + ']';
        },
      ]);
      return left < 0 ? opaque(name) : '["map",' + stringify(name) + ',[' + out + ']]';
    }
    if (brand === "set") {
      apply(eachOfSet, value, [
        (each) => {
          if (left < 0) return;
          out += (out === "" ? "" : ",") + encoded(each, depth + 1, above);
        },
      ]);
      return left < 0 ? opaque(name) : '["set",' + stringify(name) + ',[' + out + ']]';
    }
    if (brand === "date") return '["date",' + stringify(name) + ',"' + apply(getTime, value, []) + '"]';
    if (brand === "regexp") {
      const written = text(apply(source, value, []));
      for (let at = 0; at < flagCount; at++) out += apply(flags[at][1], value, []) ? flags[at][0] : "";
      return written === undefined ? opaque(name) : '["regexp",' + stringify(name) + ',' + written + ',"' + out + '"]';
    }
    if (brand === "error") {
      const message = own(value, "message");
      const said = typeof message === "string" ? text(message) : '""';
      return said === undefined ? opaque(name) : '["error",' + stringify(name) + ',' + said + ']';
    }
    if (brand === "typed") return list(apply(typedName, value, []), value, apply(typedLength, value, []), depth, above);
    return opaque(name);
  };

  const encoded = (value, depth, above) => {
    left -= 1;
    if (left < 0) return opaque("…");
    switch (typeof value) {
      case "undefined":
        return '["undefined"]';
      case "boolean":
        return '["boolean","' + value + '"]';
      case "number":
        return '["number","' + (value === 0 && 1 / value < 0 ? "-0" : value) + '"]';
      case "bigint":
        return value > LARGEST || value < SMALLEST ? opaque("bigint") : '["bigint","' + value + '"]';
      case "string": {
        const written = text(value);
        return written === undefined ? opaque("string") : '["string",' + written + ']';
      }
      case "symbol":
      case "function":
        return opaque(typeof value);
    }
    if (value === null) return '["null"]';
    if (isProxy(value)) return opaque("Proxy");
    if (depth > MOST_DEPTH) return opaque("…");
    for (let each = above; each !== null; each = each.above) if (each.value === value) return opaque("cycle");
    const next = { __proto__: null, value, above };
    try {
      if (isArray(value)) return value.length > left ? opaque("Array") : list("Array", value, value.length, depth, next);
      const kind = kindOf(value);
      return kind.brand === "" ? fields(kind.name, value, depth, next) : special(kind, value, depth, next);
    } catch (error) {
      // Something that only pretends to be a Map, a Date or the like.
      return opaque("object");
    }
  };

  const isPromise = (given) => {
    const value = own(given, 0) === true ? own(given, 1) : undefined;
    return typeof value === "object" && value !== null && !isProxy(value) && kindOf(value).brand === "promise";
  };

  // Of the array that a call gave (whether it returned, its result or what it threw, the watched values): its text. The next
  // call has the same random numbers.
  const encode = (given, parts) => {
    seed = 1;
    if (!isArray(given) || isProxy(given)) return '["lost"]';
    if (isPromise(given)) return "promise";
    let out = "";
    for (let at = 1; at < given.length; at++) {
      left = parts;
      out += (at > 1 ? "," : "") + encoded(own(given, at), 0, null);
    }
    return '["' + (own(given, 0) === true ? "returned" : "thrown") + '",[' + out + ']]';
  };

  // What a promise becomes, in the form of a call's array.
  const settled = (given) =>
    apply(then, own(given, 1), [
      (value) => {
        const all = [true, value];
        for (let at = 2; at < given.length; at++) all[at] = own(given, at);
        return all;
      },
      (error) => [false, error],
    ]);

  return [encode, settled];
})();
