import { LabIcon, caretDownIcon, linkIcon } from '@jupyterlab/ui-components';
import * as React from 'react';
import { backIcon, forwardIcon } from './icons';
import { openMenuBelow } from './menu';
import { VIEWS, linkOf } from './place';
import { IShellProps } from './props';
import { SearchBox } from './search';
import { SearchModel } from './searchmodel';
import { useSignal } from './signals';
import { viewWord } from './words';

/** What stands at the top: back and forward, the search, the views, the link. */
export function Header(
  props: IShellProps & { search: SearchModel }
): JSX.Element {
  const { model, actions, trans } = props;
  useSignal(model.changed);
  const { history, place } = model;
  return (
    <div className="claimed-Lineage-header">
      <IconButton
        icon={backIcon}
        label={trans.__('Back (Alt+Left)')}
        disabled={!history.canGoBack}
        onClick={() => void model.back()}
      />
      <IconButton
        icon={forwardIcon}
        label={trans.__('Forward (Alt+Right)')}
        disabled={!history.canGoForward}
        onClick={() => void model.forward()}
      />
      <SearchBox {...props} />
      <Views {...props} />
      <IconButton
        icon={linkIcon}
        label={trans.__('Copy a link to what is shown')}
        onClick={() => actions.copyLink(linkOf(place))}
      />
    </div>
  );
}

function Views({ model, trans }: IShellProps): JSX.Element {
  const { place } = model;
  return (
    <div
      className="claimed-Lineage-views"
      role="radiogroup"
      aria-label={trans.__('View')}
    >
      {VIEWS.map((view, index) => (
        <button
          key={view}
          role="radio"
          aria-checked={place.view === view}
          tabIndex={place.view === view ? 0 : -1}
          onClick={() => void model.go({ view })}
          onKeyDown={event => onViewKey(event, index, model)}
        >
          {viewWord(view, trans)}
        </button>
      ))}
    </div>
  );
}

/** Arrows choose among the views, as among all radio buttons. */
function onViewKey(
  event: React.KeyboardEvent<HTMLElement>,
  index: number,
  model: IShellProps['model']
): void {
  const step = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1 }[
    event.key
  ];
  if (step && !event.altKey) {
    event.preventDefault();
    const next = (index + step + VIEWS.length) % VIEWS.length;
    const button = event.currentTarget.parentElement?.children[next];
    (button as HTMLElement | undefined)?.focus();
    void model.go({ view: VIEWS[next] });
  }
}

/** A button that is a picture; its tooltip says what it does. */
export function IconButton(props: {
  icon: LabIcon;
  label: string;
  disabled?: boolean;
  onClick: () => void;
}): JSX.Element {
  const { icon, label, disabled, onClick } = props;
  return (
    <button
      className="jp-Button jp-mod-minimal claimed-Lineage-icon"
      title={label}
      aria-label={label}
      disabled={disabled}
      onClick={onClick}
    >
      <icon.react tag="span" width="16px" />
    </button>
  );
}

/** A button that opens a menu below it. */
export function MenuButton(props: {
  label: string;
  entries: () => Parameters<typeof openMenuBelow>[0];
}): JSX.Element {
  const { label, entries } = props;
  return (
    <button
      className="jp-Button jp-mod-styled claimed-Lineage-menuButton"
      aria-haspopup="menu"
      onClick={event => openMenuBelow(entries(), event.currentTarget)}
    >
      {label}
      <caretDownIcon.react tag="span" width="14px" />
    </button>
  );
}
