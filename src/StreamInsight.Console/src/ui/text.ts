import type { Json } from "../api/shapes";

const whole = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });
const fine = new Intl.NumberFormat("en", { maximumSignificantDigits: 4 });
const day = new Intl.DateTimeFormat("en-GB", { day: "2-digit", month: "short", hour: "2-digit", minute: "2-digit", second: "2-digit", timeZone: "UTC" });

export const count = (value: number): string => whole.format(value);

/** Four digits that matter; of large numbers all before the point. */
export const number = (value: number): string => (Math.abs(value) >= 1000 ? whole : fine).format(value);

export const rate = (value: number): string => (value >= 10 || value === 0 ? whole.format(value) : fine.format(Number(value.toFixed(1))));

export const plural = (value: number, one: string, many = `${one}s`): string => `${count(value)} ${value === 1 ? one : many}`;

/** Seconds as people say them: 4 ms, 1.5 s. */
export function seconds(value: number): string {
  if (!Number.isFinite(value)) return "over the last bucket";
  return value < 1 ? `${fine.format(value * 1000)} ms` : `${fine.format(value)} s`;
}

export const instant = (iso: string): string => day.format(new Date(iso));

/** How far an instant is from another: "in 3 d", "2 h ago". */
export function distance(iso: string, nowIso: string): string {
  const ms = Date.parse(iso) - Date.parse(nowIso);
  const size = Math.abs(ms) / 1000;
  const [value, unit] = size < 60 ? [size, "s"] : size < 3600 ? [size / 60, "min"] : size < 86400 ? [size / 3600, "h"] : [size / 86400, "d"];
  return ms > 0 ? `in ${Math.round(value)} ${unit}` : `${Math.round(value)} ${unit} ago`;
}

const isTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/;

/** A value of a model for people; four digits may be a year, so they are not grouped; `null` is a dash. An action's content is left out: it may repeat traits that are masked. */
export function value(json: Json | undefined): string {
  if (json === null || json === undefined) return "–";
  if (typeof json === "number") return Math.abs(json) < 10_000 && Number.isInteger(json) ? String(json) : number(json);
  if (typeof json === "string") return isTime.test(json) ? instant(json) : json;
  if (Array.isArray(json)) return json.length === 0 ? "none" : json.map(value).join(", ");
  if (typeof json === "object") return Object.entries(json).filter(([name]) => name !== "content").map(([name, inner]) => `${name}: ${value(inner)}`).join(", ") || "none";
  return String(json);
}

/** `retention_call` as `retention call`: names of models are made of words. */
export const words = (name: string): string => name.replaceAll("_", " ");
