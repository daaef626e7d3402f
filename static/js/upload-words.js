// Sizes and times in the reader's own signs, put into the sentences of the page.
const tongue = document.documentElement.lang;
const written = (value, options) => new Intl.NumberFormat(tongue, options).format(value);

export const percent = (share) => written(Math.floor(share * 100) / 100, { style: "percent" });

export function size(value) {
  const [unit, each, most] = value >= 1e9 ? ["gigabyte", 1e9, 2] : value >= 1e6 ? ["megabyte", 1e6, value < 1e7 ? 1 : 0] : ["kilobyte", 1e3, 0];
  return written(value / each, { style: "unit", unit, maximumFractionDigits: most });
}

export function span(seconds) {
  const [unit, each] = seconds >= 5400 ? ["hour", 3600] : seconds >= 90 ? ["minute", 60] : ["second", 1];
  const most = unit === "hour" ? 1 : 0;
  return written(Math.max(1, seconds / each), { style: "unit", unit, unitDisplay: "long", maximumFractionDigits: most });
}

// "{sent} of {size}" with what stands for them.
export const filled = (sentence, values) => sentence.replace(/\{(\w+)\}/g, (_, name) => values[name]);

// How fast it goes: a mean that forgets, in bytes a second; 0 as long as nobody knows.
export function pace() {
  let mark = null;
  let speed = 0;
  return {
    stop() { mark = null; },
    at(sent, now = performance.now()) {
      mark ??= { sent, now };
      if (now - mark.now < 1000) return speed;
      const last = (1000 * (sent - mark.sent)) / (now - mark.now);
      speed = speed ? 0.7 * speed + 0.3 * last : last;
      mark = { sent, now };
      return speed;
    },
  };
}
