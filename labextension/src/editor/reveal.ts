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

/** An input of the task, one of its settings, or a parameter or output of the pipeline. */
function fieldIn(editor: Element | null, field: string): HTMLElement | null {
  const name = CSS.escape(field);
  const value = ':is(input, textarea, select:not(.claimed-Source-switch *))';
  const places = [
    `.claimed-Source[data-port="${name}"] ${value}`,
    `#claimed-settings_${CSS.escape(field.split('.').join('_'))}`,
    `:is([data-parameter="${name}"], [data-output="${name}"]) ${value}`,
    `[data-field="${name}"] ${value}`
  ];
  return (
    places
      .map(place =>
        editor?.querySelector<HTMLElement>(`.claimed-TaskPanel ${place}`)
      )
      .find(found => !!found) ?? null
  );
}
