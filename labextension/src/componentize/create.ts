import {
  Dialog,
  Notification,
  showDialog,
  showErrorMessage
} from '@jupyterlab/apputils';
import { TranslationBundle } from '@jupyterlab/translation';
import { messageOf } from '../api/errors';
import { IComponentSpec } from '../api/types';
import { ComponentizeModel } from './model';

export interface ICreateOptions {
  model: ComponentizeModel;
  trans: TranslationBundle;
  /** Called with the component that was made. */
  made: (component: IComponentSpec) => Promise<void>;
  /** Shows a component in the palette. */
  find: (component: IComponentSpec) => void;
}

/**
 * Makes the component, and tells the user how it went.
 *
 * Asks first when another would be replaced.
 */
export async function createComponent(options: ICreateOptions): Promise<void> {
  const { model, trans, made } = options;
  try {
    const component = await attempt(options);
    if (component) {
      await made(component);
      tell(component, options);
    }
  } catch (error) {
    if (!model.isDisposed) {
      void showErrorMessage(
        trans.__('The component was not created'),
        messageOf(error)
      );
    }
  }
}

/** Returns null when the user would rather keep what is there. */
async function attempt(
  options: ICreateOptions
): Promise<IComponentSpec | null> {
  const { model } = options;
  if (!model.replaces) {
    const made = await model.create(false);
    if (made) {
      return made; // else another came to be there meanwhile
    }
  }
  return (await confirms(options)) ? model.create(true) : null;
}

async function confirms({ model, trans }: ICreateOptions): Promise<boolean> {
  const { component, existing, next_version } = model.inspection!;
  const lines = [
    trans.__(
      'Your component “%1” will be replaced. Pipelines that use it will run what the notebook holds now.',
      existing?.reference ?? component.name
    )
  ];
  if (existing && existing.version !== next_version) {
    lines.push(
      trans.__('By what changed, its version becomes %1.', next_version)
    );
  }
  const result = await showDialog({
    title: trans.__('Replace the component?'),
    body: lines.join(' '),
    buttons: [
      Dialog.cancelButton({ label: trans.__('Keep') }),
      Dialog.warnButton({ label: trans.__('Replace') })
    ]
  });
  return result.button.accept;
}

function tell(component: IComponentSpec, options: ICreateOptions): void {
  const { trans, find } = options;
  const { title, reference } = component;
  Notification.success(
    trans.__('“%1” is in the palette, as %2.', title, reference),
    {
      autoClose: 8000,
      actions: [{ label: trans.__('Show it'), callback: () => find(component) }]
    }
  );
}
