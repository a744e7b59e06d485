import { ILayoutRestorer, JupyterFrontEnd } from '@jupyterlab/application';
import {
  IThemeManager,
  MainAreaWidget,
  WidgetTracker
} from '@jupyterlab/apputils';
import { IFileBrowserFactory } from '@jupyterlab/filebrowser';
import { IRenderMimeRegistry } from '@jupyterlab/rendermime';
import { IStateDB } from '@jupyterlab/statedb';
import { TranslationBundle } from '@jupyterlab/translation';
import { ReadonlyPartialJSONObject } from '@lumino/coreutils';
import type { ClaimedClient } from '../api/client';
import { lineageIcon } from '../icons';
import type { RunsModel } from '../runs/model';
import type { IPlace } from './place';
import type { LineageView } from './widget';

export type LineageWidget = MainAreaWidget<LineageView>;

export interface IOpenServices {
  app: JupyterFrontEnd;
  client: ClaimedClient;
  runs: RunsModel;
  rendermime: IRenderMimeRegistry;
  tracker: WidgetTracker<LineageWidget>;
  themes: IThemeManager | null;
  browsers: IFileBrowserFactory | null;
  state: IStateDB | null;
  restorer: ILayoutRestorer | null;
  trans: TranslationBundle;
}

/** Opens the explorer at a place, or goes there in the one that is open. */
export class LineageOpener {
  constructor(private readonly _services: IOpenServices) {}

  /** args: those of the command; without any, an open one stays where it is. */
  async open(args: ReadonlyPartialJSONObject): Promise<void> {
    const { app, tracker } = this._services;
    // Start-up does not pay for what is not looked at.
    const { wantedPlace } = await import('./wanted');
    const place = wantedPlace(args);
    let widget = tracker.currentWidget;
    if (!widget) {
      this._making ??= this._make(place).finally(() => (this._making = null));
      widget = await this._making;
    } else if (place) {
      void widget.content.model.go(place);
    }
    app.shell.activateById(widget.id);
  }

  private async _make(place: IPlace | null): Promise<LineageWidget> {
    const { makeView } = await import('./make');
    const { app, tracker, trans } = this._services;
    const content = await makeView(this._services, place);
    const widget = new MainAreaWidget({ content });
    widget.id = 'claimed-lineage';
    widget.title.label = trans.__('Lineage');
    widget.title.caption = trans.__(
      'Where things came from, and what became of them'
    );
    widget.title.icon = lineageIcon;
    widget.title.closable = true;
    await tracker.add(widget);
    content.model.changed.connect(() => void tracker.save(widget));
    app.shell.add(widget, 'main');
    return widget;
  }

  private _making: Promise<LineageWidget> | null = null;
}
