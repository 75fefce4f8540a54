/** What is wrong with a signal, in the words of every page. */

import { fixed } from "../src/numbers.ts";
import type { Quality } from "../src/runtime/events.ts";
import { placementOf, sensorOf } from "../src/signals/spec.ts";
import type { Say } from "./language.ts";
import { named } from "./names.ts";

export const TROUBLES = {
  and: { en: ", ", zh: "、" },
  sensor_acc: { en: "acceleration", zh: "加速度" },
  sensor_gyr: { en: "turning rate", zh: "角速度" },
  sensor_heart_rate: { en: "heart rate", zh: "心率" },
  sensor_mag: { en: "magnetic field", zh: "磁场" },
  quality_gap: { en: "A gap: no samples for {seconds} s.", zh: "数据中断：{seconds} 秒没有样本。" },
  quality_late: {
    en: "Some samples came too late and were left out.",
    zh: "部分样本到达过晚，已忽略。",
  },
  quality_clock: {
    en: "The clock leapt: all starts anew from here.",
    zh: "时钟跳变，从此处重新开始。",
  },
  quality_rate: {
    en: "The sensor changed its rate: all starts anew.",
    zh: "传感器频率改变，重新开始。",
  },
  quality_missing: {
    en: "A sensor gives nothing ({what}): answers are less certain.",
    zh: "传感器没有数据（{what}）：结果不太可靠。",
  },
  quality_back: {
    en: "A sensor gives samples again ({what}).",
    zh: "传感器恢复数据（{what}）。",
  },
  quality_flat: {
    en: "A sensor does not move at all ({what}): is it worn?",
    zh: "传感器完全没有变化（{what}）：佩戴好了吗？",
  },
} as const;

/** What a channel's name may end with, where there is a word for it. */
export const SENSORS = ["acc", "gyr", "mag", "heart_rate"] as const;

/** One sentence. */
export function qualityText(say: Say<typeof TROUBLES>, told: Quality): string {
  const { kind, seconds, channels } = told;
  const sensors = new Set(channels.map((channel) => sensorNamed(say, channel)));
  const what = [...sensors].join(say("and"));
  return say(`quality_${kind}`, { seconds: fixed(seconds, 1), what });
}

/** Such as "wrist acceleration". */
function sensorNamed(say: Say<typeof TROUBLES>, channel: string): string {
  const sensor = SENSORS.find((one) => one === sensorOf(channel));
  if (!sensor) return named(channel);
  return `${named(placementOf(channel))} ${say(`sensor_${sensor}`)}`.trim();
}
