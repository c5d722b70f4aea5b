// Functions as people write them: some with types, some with JSDoc, some with neither. Each is changed by one token.

const VAT = 0.19;
const LIMITS = { small: 10, large: 100 };
enum Level { Low = 1, Middle = 5, High = 10 }
interface Item { name: string; price: number; quantity?: number }
interface Point { x: number; y: number }
type Direction = "up" | "down" | "left" | "right";

export function total(items: Item[]): number {
  let sum = 0;
  for (const item of items) {
    sum += item.price * (item.quantity ?? 1);
  }
  return sum;
}

export const withTax = (net: number, rate: number = VAT): number => Math.round(net * (1 + rate) * 100) / 100;

export function clamp(value, min, max) {
  if (value < min) return min;
  if (value > max) return max;
  return value;
}

export function chunk(list, size) {
  const out = [];
  if (size < 1) return out;
  for (let i = 0; i < list.length; i += size) {
    out.push(list.slice(i, i + size));
  }
  return out;
}

export function slugify(title: string): string {
  return title.toLowerCase().trim().replace(/[^a-z0-9]+/g, "-").replace(/^-+|-+$/g, "");
}

export function isPalindrome(text: string): boolean {
  const clean = text.toLowerCase().replace(/[^a-z0-9]/g, "");
  for (let i = 0, j = clean.length - 1; i < j; i++, j--) {
    if (clean[i] !== clean[j]) return false;
  }
  return true;
}

export function groupBy(rows, key) {
  const groups = {};
  for (const row of rows) {
    const name = row[key];
    if (!groups[name]) groups[name] = [];
    groups[name].push(row);
  }
  return groups;
}

export const unique = (values) => values.filter((value, index) => values.indexOf(value) === index);

export function countWords(text) {
  const counts = new Map();
  for (const word of text.split(/\s+/)) {
    if (word === "") continue;
    counts.set(word, (counts.get(word) || 0) + 1);
  }
  return counts;
}

/**
 * The n-th Fibonacci number.
 * @param {number} n
 */
export function fibonacci(n) {
  if (n < 2) return n;
  let before = 0, current = 1;
  for (let i = 2; i <= n && i < 80; i++) {
    [before, current] = [current, before + current];
  }
  return current;
}

export function binarySearch(sorted: number[], target: number): number {
  let low = 0, high = sorted.length - 1;
  while (low <= high) {
    const middle = Math.floor((low + high) / 2);
    if (sorted[middle] === target) return middle;
    if (sorted[middle] < target) low = middle + 1;
    else high = middle - 1;
  }
  return -1;
}

export function move(point: Point, direction: Direction, steps = 1): Point {
  switch (direction) {
    case "up":
      return { x: point.x, y: point.y - steps };
    case "down":
      return { x: point.x, y: point.y + steps };
    case "left":
      return { x: point.x - steps, y: point.y };
    default:
      return { x: point.x + steps, y: point.y };
  }
}

export function levelName(score: number): string {
  if (score >= Level.High) return "high";
  if (score >= Level.Middle) return "middle";
  return score >= Level.Low ? "low" : "none";
}

export function sizeOf(count) {
  return count <= LIMITS.small ? "small" : count <= LIMITS.large ? "medium" : "large";
}

export function parseQuery(query: string): Record<string, string> {
  const found: Record<string, string> = {};
  for (const part of query.replace(/^\?/, "").split("&")) {
    if (!part) continue;
    const [key, value = ""] = part.split("=");
    found[decodeURIComponent(key)] = decodeURIComponent(value);
  }
  return found;
}

export function median(numbers: number[]): number | null {
  if (numbers.length === 0) return null;
  const sorted = [...numbers].sort((a, b) => a - b);
  const half = Math.floor(sorted.length / 2);
  return sorted.length % 2 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
}

export const capitalize = (word: string) => (word ? word[0].toUpperCase() + word.slice(1) : "");

export function camelCase(text) {
  return text.split(/[-_ ]+/).map((part, i) => (i === 0 ? part.toLowerCase() : part.charAt(0).toUpperCase() + part.slice(1))).join("");
}

export function flatten(list, depth = 1) {
  return list.reduce((out, each) => (Array.isArray(each) && depth > 0 ? out.concat(flatten(each, depth - 1)) : out.concat([each])), []);
}

export function zip(left, right) {
  const length = Math.min(left.length, right.length);
  return Array.from({ length }, (_, i) => [left[i], right[i]]);
}

export function range(start: number, end: number, step = 1): number[] {
  const out: number[] = [];
  if (step <= 0) throw new RangeError("step must be positive");
  for (let i = start; i < end && out.length < 1000; i += step) out.push(i);
  return out;
}

export function isLeapYear(year) {
  return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
}

export function gcd(a: number, b: number): number {
  a = Math.abs(Math.floor(a));
  b = Math.abs(Math.floor(b));
  while (b > 0) {
    [a, b] = [b, a % b];
  }
  return a;
}

export function caesar(text: string, shift: number): string {
  return [...text].map((letter) => {
    const code = letter.charCodeAt(0);
    if (code < 97 || code > 122) return letter;
    return String.fromCharCode(((code - 97 + (shift % 26) + 26) % 26) + 97);
  }).join("");
}

export function omit(obj, keys) {
  const out = {};
  for (const key of Object.keys(obj)) {
    if (!keys.includes(key)) out[key] = obj[key];
  }
  return out;
}

export function deepEqual(a, b) {
  if (a === b) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  const keys = Object.keys(a);
  if (keys.length !== Object.keys(b).length) return false;
  return keys.every((key) => deepEqual(a[key], b[key]));
}

export function truncate(text: string, most = 10): string {
  if (text.length <= most) return text;
  return text.slice(0, most - 1) + "…";
}

export function average(scores) {
  if (!scores.length) return 0;
  return scores.reduce((sum, each) => sum + each, 0) / scores.length;
}

export function rotate<T>(list: T[], by: number): T[] {
  if (list.length === 0) return [];
  const at = ((by % list.length) + list.length) % list.length;
  return [...list.slice(at), ...list.slice(0, at)];
}

export function isBalanced(text) {
  const open = [];
  const pairs = { ")": "(", "]": "[" };
  for (const each of text) {
    if (each === "(" || each === "[") open.push(each);
    else if (each in pairs && open.pop() !== pairs[each]) return false;
  }
  return open.length === 0;
}

export function compactLines(text: string): string[] {
  return text.split("\n").map((line) => line.trim()).filter((line) => line.length > 0 && !line.startsWith("#"));
}

export function applyDiscount(price: number, code: string | null): number {
  if (price <= 0) return 0;
  if (code === "HALF") return price / 2;
  if (code && code.startsWith("MINUS")) return Math.max(0, price - 5);
  return price;
}

export function romanNumeral(number) {
  const table = [[10, "X"], [9, "IX"], [5, "V"], [4, "IV"], [1, "I"]];
  let out = "";
  if (number < 1 || number > 39) return out;
  for (const [value, sign] of table) {
    while (number >= value) {
      out += sign;
      number -= value;
    }
  }
  return out;
}

export function mergeSorted(left: number[], right: number[]): number[] {
  const out: number[] = [];
  let i = 0, j = 0;
  while (i < left.length && j < right.length) {
    if (left[i] <= right[j]) out.push(left[i++]);
    else out.push(right[j++]);
  }
  return out.concat(left.slice(i), right.slice(j));
}

export function maxBy(items, fn) {
  let best;
  let most = -Infinity;
  for (const item of items) {
    const value = fn(item);
    if (value > most) {
      best = item;
      most = value;
    }
  }
  return best;
}

export function partition(values, predicate) {
  const yes = [], no = [];
  for (const value of values) (predicate(value) ? yes : no).push(value);
  return [yes, no];
}

export function invert(map: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(map).map(([key, value]) => [value, key]));
}

export function dayDifference(from: Date, to: Date): number {
  return Math.round((to.getTime() - from.getTime()) / 86400000);
}

export function formatDate(date: Date): string {
  const pad = (n: number) => String(n).padStart(2, "0");
  return `${date.getUTCFullYear()}-${pad(date.getUTCMonth() + 1)}-${pad(date.getUTCDate())}`;
}

export function formatBytes(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`;
  const units = ["KB", "MB", "GB"];
  let at = -1;
  do {
    bytes /= 1024;
    at++;
  } while (bytes >= 1024 && at < units.length - 1);
  return `${bytes.toFixed(1)} ${units[at]}`;
}

export function intersect<T>(left: Set<T>, right: Set<T>): Set<T> {
  const out = new Set<T>();
  for (const each of left) if (right.has(each)) out.add(each);
  return out;
}

export function topN(scores: Map<string, number>, n: number): string[] {
  return [...scores.entries()].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).slice(0, n).map(([name]) => name);
}

export function matrixTranspose(matrix: number[][]): number[][] {
  if (!matrix.length) return [];
  return matrix[0].map((_, column) => matrix.map((row) => row[column]));
}

export function dotProduct(a: number[], b: number[]): number {
  if (a.length !== b.length) throw new Error("lengths differ");
  return a.reduce((sum, each, i) => sum + each * b[i], 0);
}

export function validateUser({ name, age = 18, email }) {
  const errors = [];
  if (name.length < 2) errors.push("name");
  if (age < 18 || age > 120) errors.push("age");
  if (!email || !email.includes("@")) errors.push("email");
  return errors;
}

export function runLength(text: string): string {
  let out = "";
  let count = 1;
  for (let i = 0; i < text.length; i++) {
    if (text[i] === text[i + 1]) {
      count++;
    } else {
      out += count > 1 ? text[i] + count : text[i];
      count = 1;
    }
  }
  return out;
}

export function isPrime(n) {
  if (n < 2) return false;
  for (let i = 2; i * i <= n; i++) {
    if (n % i === 0) return false;
  }
  return true;
}

export async function firstMatch(items: string[], pattern: string): Promise<string | undefined> {
  await null;
  return items.find((each) => each.includes(pattern));
}

export function debouncedTimes(times: number[], wait: number): number[] {
  const out: number[] = [];
  let last = -Infinity;
  for (const time of times) {
    if (time - last >= wait) {
      out.push(time);
      last = time;
    }
  }
  return out;
}

export function cartesian(left, right) {
  const out = [];
  for (const a of left) for (const b of right) out.push([a, b]);
  return out;
}

export function paginate<T>(items: T[], page: number, perPage = 3): { items: T[]; pages: number } {
  const pages = Math.max(1, Math.ceil(items.length / perPage));
  const at = Math.min(Math.max(page, 1), pages);
  return { items: items.slice((at - 1) * perPage, at * perPage), pages };
}

export function extension(path: string): string {
  const at = path.lastIndexOf(".");
  return at <= 0 || at === path.length - 1 ? "" : path.slice(at + 1).toLowerCase();
}

export function getIn(obj, path) {
  let current = obj;
  for (const key of path.split(".")) {
    if (current === null || current === undefined) return undefined;
    current = current[key];
  }
  return current;
}

export function digitSum(n: number): number {
  let sum = 0;
  for (n = Math.abs(Math.trunc(n)); n > 0; n = Math.floor(n / 10)) sum += n % 10;
  return sum;
}

export function removeAt(list, index) {
  if (index < 0 || index >= list.length) return false;
  list.splice(index, 1);
  return true;
}

export function hexToRgb(hex: string): number[] | null {
  const found = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(hex);
  if (!found) return null;
  return found.slice(1).map((part) => parseInt(part, 16));
}

export class Counter {
  private counts = new Map<string, number>();
  constructor(private limit: number = 3) {}
  add(name: string, by = 1): number {
    const next = Math.min((this.counts.get(name) ?? 0) + by, this.limit);
    this.counts.set(name, next);
    return next;
  }
  most(): string | null {
    let best: string | null = null;
    for (const [name, count] of this.counts) {
      if (best === null || count > this.counts.get(best)!) best = name;
    }
    return best;
  }
}

export class Stack<T> {
  private items: T[] = [];
  constructor(private limit: number) {}
  push(item: T): boolean {
    if (this.items.length >= this.limit) return false;
    this.items.push(item);
    return true;
  }
  pop(): T | undefined {
    return this.items.pop();
  }
  get isEmpty(): boolean {
    return this.items.length === 0;
  }
}
