/** The phone's own motion sensor. */

import type { Axes } from "./samples.ts";

export type MotionTrouble = "motion_missing" | "motion_refused" | "motion_insecure";

/** One reading in the units and axes of a bundle: m/s² and rad/s, +g upwards at rest. */
export interface Motion {
  /** On the clock of `performance.now()`. */
  readonly tS: number;
  readonly acc: Axes;
  readonly gyr: Axes;
}

/** iOS asks the wearer before it gives any motion. */
interface Asking {
  requestPermission?: () => Promise<"granted" | "denied">;
}

const RADIANS = Math.PI / 180;
const IOS = /iP(hone|ad|od)/;

/** Why there will be no motion; null where there may be. Must be called from a tap. */
export async function askForMotion(): Promise<MotionTrouble | null> {
  if (!isSecureContext) return "motion_insecure";
  if (typeof DeviceMotionEvent === "undefined") return "motion_missing";
  const { requestPermission } = DeviceMotionEvent as unknown as Asking;
  if (!requestPermission) return null;
  const answer = await requestPermission.call(DeviceMotionEvent).catch(() => "denied");
  return answer === "granted" ? null : "motion_refused";
}

/** Follow the sensor until the returned function is called. */
export function followMotion(
  withGravity: boolean,
  heard: (motion: Motion, everyMs: number) => void,
): () => void {
  const listen = (event: DeviceMotionEvent) => {
    const motion = motionOf(event, withGravity);
    if (motion) heard(motion, event.interval);
  };
  window.addEventListener("devicemotion", listen);
  return () => window.removeEventListener("devicemotion", listen);
}

/** What an event says; null where the device has no sensor and sends an empty one. */
function motionOf(event: DeviceMotionEvent, withGravity: boolean): Motion | null {
  const felt = withGravity ? event.accelerationIncludingGravity : event.acceleration;
  const sign = isUpsideDown() ? -1 : 1;
  const acc = [felt?.x, felt?.y, felt?.z].map((value) => sign * (value ?? Number.NaN));
  const turn = event.rotationRate; // browsers give x, y, z as alpha, beta, gamma
  const gyr = [turn?.alpha, turn?.beta, turn?.gamma].map((one) => (one ?? Number.NaN) * RADIANS);
  if (![...acc, ...gyr].some(Number.isFinite)) return null;
  return { tS: event.timeStamp / 1000, acc: acc as unknown as Axes, gyr: gyr as unknown as Axes };
}

/** On iOS what a phone feels points the other way than on Android and in the specification. */
function isUpsideDown(): boolean {
  const isPad = navigator.userAgent.includes("Macintosh") && navigator.maxTouchPoints > 1;
  return IOS.test(navigator.userAgent) || isPad;
}
