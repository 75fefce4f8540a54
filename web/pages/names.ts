/** A label as people read it. */
export function named(label: string): string {
  return label.replaceAll("_", " ");
}
