/** Distride in the browser: from a bundle and samples to the same events as Python's. */

export { Bundle } from "./bundle/bundle.ts";
export type { Manifest, TaskCard } from "./bundle/manifest.ts";
export { type PersonalHead, writeHead } from "./bundle/personal.ts";
export { Recording } from "./data/recording.ts";
export { BundleError, DataError, DistrideError, TrainingError } from "./errors.ts";
export type { Voice } from "./guidance/coach.ts";
export { Guide } from "./guidance/guide.ts";
export type { Day, Profile } from "./guidance/profile.ts";
export { rulesFrom } from "./guidance/rules.ts";
export { SetCounter } from "./guidance/sets.ts";
export type {
  Advice,
  Cause,
  Drift,
  DriftCause,
  Event,
  Heart,
  Quality,
  Rep,
  SetEnded,
  SetStarted,
  State,
} from "./runtime/events.ts";
export { readRecordings } from "./runtime/recordings.ts";
export { Smoothing } from "./runtime/smoothing.ts";
export { Stream } from "./runtime/stream.ts";
export { type Precision, type StreamOptions, Student } from "./runtime/student.ts";
export { measuredHz } from "./signals/resample.ts";
export { SignalSpec } from "./signals/spec.ts";
