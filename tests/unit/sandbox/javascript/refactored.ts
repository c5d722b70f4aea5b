// The same behaviour as in functions.ts, written in another way.

const VAT = 0.19;
const LIMITS = { small: 10, large: 100 };
const DAY = 24 * 60 * 60 * 1000;
enum Level { Low = 1, Middle = 5, High = 10 }
interface Item { name: string; price: number; quantity?: number }
interface Point { x: number; y: number }
type Direction = "up" | "down" | "left" | "right";

export function total(items: Item[]): number {
  return items.reduce((sum, { price, quantity = 1 }) => sum + price * quantity, 0);
}

export function withTax(net: number, rate: number = VAT): number {
  const gross = net * (1 + rate);
  return Math.round(gross * 100) / 100;
}

export function clamp(value, min, max) {
  return value < min ? min : value > max ? max : value;
}

export function chunk(list, size) {
  if (size < 1) return [];
  const parts = [];
  let at = 0;
  while (at < list.length) {
    parts.push(list.slice(at, at + size));
    at += size;
  }
  return parts;
}

export function slugify(title: string): string {
  const lower = title.toLowerCase().trim();
  const dashed = lower.replace(/[^a-z0-9]+/g, "-");
  return dashed.replace(/^-+/, "").replace(/-+$/, "");
}

export function isPalindrome(text: string): boolean {
  const clean = text.toLowerCase().replace(/[^a-z0-9]/g, "");
  return clean === [...clean].reverse().join("");
}

export function groupBy(rows, key) {
  return rows.reduce((groups, row) => {
    const name = row[key];
    groups[name] = groups[name] || [];
    groups[name].push(row);
    return groups;
  }, {});
}

export function unique(values) {
  return values.filter((each, at, all) => all.indexOf(each) === at);
}

export function countWords(text) {
  return text.split(/\s+/).filter((word) => word !== "").reduce((counts, word) => {
    counts.set(word, (counts.get(word) ?? 0) + 1);
    return counts;
  }, new Map());
}

export function binarySearch(sorted: number[], target: number): number {
  const within = (low: number, high: number): number => {
    if (low > high) return -1;
    const middle = Math.floor((low + high) / 2);
    const found = sorted[middle];
    if (found === target) return middle;
    return found < target ? within(middle + 1, high) : within(low, middle - 1);
  };
  return within(0, sorted.length - 1);
}

export function move(point: Point, direction: Direction, steps = 1): Point {
  const { x, y } = point;
  if (direction === "up") return { y: y - steps, x };
  if (direction === "down") return { y: y + steps, x };
  return { y, x: direction === "left" ? x - steps : x + steps };
}

export function levelName(score: number): string {
  const names: [Level, string][] = [[Level.High, "high"], [Level.Middle, "middle"], [Level.Low, "low"]];
  const found = names.find(([level]) => score >= level);
  return found ? found[1] : "none";
}

export function sizeOf(count) {
  if (count <= LIMITS.small) return "small";
  if (count <= LIMITS.large) return "medium";
  return "large";
}

export function parseQuery(query: string): Record<string, string> {
  const text = query.startsWith("?") ? query.slice(1) : query;
  const pairs = text.split("&").filter(Boolean).map((part) => part.split("="));
  return pairs.reduce((found, [key, value = ""]) => {
    found[decodeURIComponent(key)] = decodeURIComponent(value);
    return found;
  }, {} as Record<string, string>);
}

export function median(numbers: number[]): number | null {
  if (!numbers.length) return null;
  const sorted = numbers.slice();
  sorted.sort((a, b) => a - b);
  const half = sorted.length >> 1;
  if (sorted.length % 2 === 1) return sorted[half];
  return (sorted[half - 1] + sorted[half]) / 2;
}

export function capitalize(word: string): string {
  if (!word) return "";
  return word.charAt(0).toUpperCase() + word.substring(1);
}

export function flatten(list, depth = 1) {
  const out = [];
  for (const each of list) {
    if (Array.isArray(each) && depth > 0) out.push(...flatten(each, depth - 1));
    else out.push(each);
  }
  return out;
}

export function zip(left, right) {
  const pairs = [];
  for (let i = 0; i < left.length && i < right.length; i++) pairs.push([left[i], right[i]]);
  return pairs;
}

export function isLeapYear(year) {
  if (year % 400 === 0) return true;
  return year % 4 === 0 && year % 100 !== 0;
}

export function gcd(a: number, b: number): number {
  const within = (x: number, y: number): number => (y > 0 ? within(y, x % y) : x);
  return within(Math.abs(Math.floor(a)), Math.abs(Math.floor(b)));
}

export function omit(obj, keys) {
  return Object.fromEntries(Object.entries(obj).filter(([key]) => !keys.includes(key)));
}

export function truncate(text: string, most = 10): string {
  return text.length > most ? `${text.slice(0, most - 1)}…` : text;
}

export function average(scores) {
  let sum = 0;
  for (const each of scores) sum += each;
  return scores.length ? sum / scores.length : 0;
}

export function isBalanced(text) {
  const open = [];
  for (const each of text) {
    if ("([".includes(each)) {
      open.push(each === "(" ? ")" : "]");
    } else if (each === ")" || each === "]") {
      if (open.pop() !== each) return false;
    }
  }
  return !open.length;
}

export function compactLines(text: string): string[] {
  const kept: string[] = [];
  for (const line of text.split("\n")) {
    const bare = line.trim();
    if (bare && bare[0] !== "#") kept.push(bare);
  }
  return kept;
}

export function applyDiscount(price: number, code: string | null): number {
  if (price <= 0) return 0;
  if (code === "HALF") return price * 0.5;
  const off = code?.startsWith("MINUS") ? 5 : 0;
  return off ? Math.max(0, price - off) : price;
}

export function mergeSorted(left: number[], right: number[]): number[] {
  const out: number[] = [];
  const a = [...left], b = [...right];
  while (a.length > 0 && b.length > 0) {
    out.push((a[0] <= b[0] ? a : b).shift()!);
  }
  return [...out, ...a, ...b];
}

export function partition(values, predicate) {
  return values.reduce(([yes, no], value) => (predicate(value) ? [[...yes, value], no] : [yes, [...no, value]]), [[], []]);
}

export function invert(map: Record<string, string>): Record<string, string> {
  const out: Record<string, string> = {};
  for (const key in map) out[map[key]] = key;
  return out;
}

export function dayDifference(from: Date, to: Date): number {
  return Math.round((Number(to) - Number(from)) / DAY);
}

export function formatDate(date: Date): string {
  return date.toISOString().slice(0, 10);
}

export function intersect<T>(left: Set<T>, right: Set<T>): Set<T> {
  return new Set([...right].filter((each) => left.has(each)));
}

export function matrixTranspose(matrix: number[][]): number[][] {
  if (matrix.length === 0) return [];
  const out: number[][] = [];
  for (let column = 0; column < matrix[0].length; column++) {
    out.push(matrix.map((row) => row[column]));
  }
  return out;
}

export function dotProduct(a: number[], b: number[]): number {
  if (a.length !== b.length) throw new Error("lengths differ");
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}

export function runLength(text: string): string {
  const parts: string[] = [];
  let start = 0;
  while (start < text.length) {
    let end = start;
    while (end < text.length && text[end] === text[start]) end++;
    parts.push(end - start > 1 ? `${text[start]}${end - start}` : text[start]);
    start = end;
  }
  return parts.join("");
}

export function cartesian(left, right) {
  return left.flatMap((a) => right.map((b) => [a, b]));
}

export async function firstMatch(items: string[], pattern: string): Promise<string | undefined> {
  for (const each of await Promise.resolve(items)) {
    if (each.indexOf(pattern) >= 0) return each;
  }
  return undefined;
}

export function digitSum(n: number): number {
  let sum = 0;
  let rest = Math.abs(Math.trunc(n));
  while (rest > 0) {
    sum += rest % 10;
    rest = Math.floor(rest / 10);
  }
  return sum;
}

export function removeAt(list, index) {
  const isThere = index >= 0 && index < list.length;
  if (isThere) list.splice(index, 1);
  return isThere;
}

export function debouncedTimes(times: number[], wait: number): number[] {
  let last: number | null = null;
  return times.filter((time) => {
    if (last !== null && time - last < wait) return false;
    last = time;
    return true;
  });
}

export class Stack<T> {
  private items: T[] = [];
  constructor(private limit: number) {}
  push(item: T): boolean {
    const isFree = this.items.length < this.limit;
    if (isFree) this.items = [...this.items, item];
    return isFree;
  }
  pop(): T | undefined {
    const last = this.items[this.items.length - 1];
    this.items = this.items.slice(0, -1);
    return last;
  }
  get isEmpty(): boolean {
    return !this.items.length;
  }
}
