/** A link to a page; null for all that a click must not do, such as run a script. */
export function safeLink(link: string | null | undefined): string | null {
  return link && /^https?:\/\//i.test(link) ? link : null;
}
