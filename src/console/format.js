// Numbers and times as people read them.

const digits = new Intl.NumberFormat("en", { useGrouping: true });

/// 1234567 is "1 234 567": a thin space that does not break, because commas are decimal points elsewhere.
export const count = (number) => digits.format(number).replaceAll(",", "\u202f");

/// Short: 950, 1.2 k, 3.4 M.
export function brief(number) {
  if (number < 10 && !Number.isInteger(number)) return number.toFixed(1);
  for (const [unit, size] of [["M", 1e6], ["k", 1e3]])
    if (number >= size) return `${(number / size).toFixed(number < 10 * size ? 1 : 0)}\u202f${unit}`;
  return String(Math.round(number));
}

/// 0.01 is "10 ms", 75 is "1 m 15 s" or in one part "1 m", 90000 is "1 d 1 h".
export function duration(seconds, most = 2) {
  if (seconds < 0.0005) return "0 s";
  if (seconds < 1) return `${Math.round(seconds * 1000)} ms`;
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  const parts = [[Math.floor(whole / 86400), "d"], [Math.floor(whole / 3600) % 24, "h"],
                 [Math.floor(whole / 60) % 60, "m"], [whole % 60, "s"]];
  const first = parts.findIndex(([value]) => value > 0);
  return parts.slice(first, first + most).filter(([value]) => value > 0).map((part) => part.join(" ")).join(" ");
}

export function bytes(size) {
  if (size < 1024) return `${size} B`;
  return size < 1024 * 1024 ? `${(size / 1024).toFixed(1)} KiB` : `${(size / 1024 / 1024).toFixed(1)} MiB`;
}

const pad = (number, width = 2) => String(number).padStart(width, "0");

/// The time of day here, with the date in front if that is not today's.
export function clock(iso, now = new Date()) {
  const time = new Date(iso);
  const day = `${time.getFullYear()}-${pad(time.getMonth() + 1)}-${pad(time.getDate())}`;
  const text = `${pad(time.getHours())}:${pad(time.getMinutes())}:${pad(time.getSeconds())}.${pad(time.getMilliseconds(), 3)}`;
  return time.toDateString() === now.toDateString() ? text : `${day} ${text.slice(0, 8)}`;
}

/// "1 event", "2 events".
export const counted = (number, noun) => `${count(number)} ${noun}${number === 1 ? "" : "s"}`;
