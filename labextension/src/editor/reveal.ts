/** How often, and how long apart in ms, a field is looked for: its form may be on its way. */
const TRIES = 20;
const APART = 100;

/** Brings a field of the side panel into view, and puts the cursor in it. */
export function revealField(editor: Element | null, field: string): void {
  let tries = 0;
  const look = () => {
    const found = fieldIn(editor, field);
    if (found) {
      found.closest('details')?.setAttribute('open', '');
      found.scrollIntoView({ block: 'center' });
      found.focus();
    } else if (++tries < TRIES) {
      setTimeout(look, APART);
    }
  };
  // Not at once: what is there now may be the form of another task.
  setTimeout(look, APART);
}

/** An input of the task, or one of its settings. */
function fieldIn(editor: Element | null, field: string): HTMLElement | null {
  const name = CSS.escape(field);
  const panel = '.claimed-TaskPanel';
  return (
    editor?.querySelector<HTMLElement>(
      `${panel} .claimed-Source[data-port="${name}"] :is(input, textarea, select:not(.claimed-Source-switch *))`
    ) ??
    editor?.querySelector<HTMLElement>(`${panel} #claimed-settings_${name}`) ??
    null
  );
}
