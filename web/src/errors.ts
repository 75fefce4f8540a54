/**
 * Every error a caller may meet: one base, few kinds, and a message that says what to do.
 *
 * A message names what was given, what is allowed and the next step.
 */

/** Base of all errors thrown on purpose by this package. */
export class DistrideError extends Error {
  override name = "DistrideError";
}

/** A recording or a push of samples cannot be used as it is. */
export class DataError extends DistrideError {
  override name = "DataError";
}

/** A bundle or a personal head is damaged, from another format, or does not fit. */
export class BundleError extends DistrideError {
  override name = "BundleError";
}

/** Personalisation cannot start: windows and labels do not fit each other or the head. */
export class TrainingError extends DistrideError {
  override name = "TrainingError";
}
