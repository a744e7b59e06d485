import { IThemeManager } from '@jupyterlab/apputils';
import { ReactWidget } from '@jupyterlab/ui-components';
import { IDisposable } from '@lumino/disposable';
import { Message, MessageLoop } from '@lumino/messaging';
import { Panel, SplitPanel, Widget } from '@lumino/widgets';
import * as React from 'react';
import { LineageClient } from '../api/lineage';
import { download } from './csv';
import { offered } from './examples';
import { GraphPane } from './graph/pane';
import { GraphBar, IDrawn } from './graphbar';
import { Header } from './header';
import { nodeEntries } from './nodemenu';
import { NothingHere, isEmpty, nothingOf } from './nothing';
import { openMenu } from './menu';
import { Notices } from './notices';
import { NodePanel } from './panel';
import { IShellProps } from './props';
import { SearchModel } from './searchmodel';
import { LineageTable } from './table';
import { TableModel } from './tablemodel';
import { Timeline } from './timelineview';

/** The shares of what is shown, and of the panel about one node. */
const SIZES = [2, 1];

interface IViewOptions extends IShellProps {
  client: LineageClient;
  themes: IThemeManager | null;
}

/** The lineage explorer: search above, what is shown on the left, one node on the right. */
export class LineageView extends Panel {
  constructor(options: IViewOptions) {
    super();
    const { model, recent, client, trans, actions } = options;
    this.addClass('claimed-Lineage');
    this.node.tabIndex = -1; // takes the focus, and with it the shortcuts
    this.model = model;
    this.node.addEventListener('keydown', ({ key, target }) => {
      // One who writes closes the offers with it, to look for the second node.
      const isWriting = target instanceof HTMLInputElement;
      if (key === 'Escape' && !isWriting && model.pending) {
        model.await(null);
      }
    });
    this._search = new SearchModel({
      complete: (query, at) => client.complete(query, at),
      search: query => void model.find(query),
      offered: () => offered(recent, trans)
    });
    this._query = model.place.query;
    this._search.set(this._query);
    actions.tagged = () => void model.refresh();
    const split = new SplitPanel({ orientation: 'horizontal', spacing: 1 });
    split.addClass('claimed-Lineage-split');
    this._split = split;
    this._stage = new Stage(options);
    split.addWidget(this._stage);
    this._panel = drawn('claimed-Lineage-panel', <NodePanel {...options} />);
    split.addWidget(this._panel);
    split.setRelativeSizes(SIZES);
    this.addWidget(drawn('', <Header {...options} search={this._search} />));
    this.addWidget(drawn('', <Notices {...options} />));
    this.addWidget(split);
    this._sizes = [followSize(split), followSize(this._stage.pane)];
    model.changed.connect(this._onChanged, this);
    model.results.changed.connect(this._showPanel, this);
    this._onChanged();
  }

  readonly model: IShellProps['model'];

  /** Puts the cursor into the search. */
  focusSearch(): void {
    this.node.querySelector<HTMLElement>('[role=combobox]')?.focus();
  }

  override dispose(): void {
    this._sizes.forEach(size => size.dispose());
    this._search.dispose();
    this.model.dispose();
    super.dispose();
  }

  protected override onActivateRequest(msg: Message): void {
    super.onActivateRequest(msg);
    if (!this.node.contains(document.activeElement)) {
      this.node.focus();
    }
  }

  protected override onAfterShow(msg: Message): void {
    super.onAfterShow(msg);
    this.model.isVisible = true;
  }

  protected override onAfterHide(msg: Message): void {
    super.onAfterHide(msg);
    this.model.isVisible = false;
  }

  private _onChanged(): void {
    const { query } = this.model.place;
    this._keepFocus();
    this._showPanel();
    if (query !== this._query) {
      this._query = query;
      this._search.set(query);
    }
  }

  private _showPanel(): void {
    const { view, selected } = this.model.place;
    // A table needs the room, and nothing moves in it when it has less.
    const isHidden =
      (view === 'table' && selected === null) || isEmpty(this.model);
    if (isHidden !== this._panel.isHidden) {
      this._panel.setHidden(isHidden);
      this._split.setRelativeSizes(SIZES); // a hidden part has no size to come back to
    }
  }

  /** What had the focus may be gone: what is shown instead gets it. */
  private _keepFocus(): void {
    const { activeElement } = document;
    if (this.node.contains(activeElement)) {
      requestAnimationFrame(() => {
        // A hidden element keeps the focus for a while, but hears no keys.
        const isGone =
          !this.node.contains(activeElement) ||
          (activeElement as HTMLElement).offsetParent === null;
        const isFree = [activeElement, document.body].includes(
          document.activeElement as HTMLElement
        );
        if (isGone && isFree) {
          this._stage.takeFocus();
        }
      });
    }
  }

  private readonly _search: SearchModel;
  private readonly _split: SplitPanel;
  private readonly _panel: Widget;
  private readonly _stage: Stage;
  private readonly _sizes: IDisposable[];
  /** What the search was last set to: what is typed since then stays. */
  private _query: string;
}

/** The graph, the table or the timeline, or why there is nothing. */
class Stage extends Panel {
  constructor(private readonly _options: IViewOptions) {
    super();
    const { model, themes, trans } = _options;
    this.addClass('claimed-Lineage-stage');
    this.pane = new GraphPane({ model: model.graph, themes, trans });
    const tableModel = new TableModel(model, trans);
    const bar = <GraphBar {..._options} drawn={this._drawn()} />;
    const table = <LineageTable {..._options} table={tableModel} />;
    this._bar = drawn('', bar);
    this._nothing = drawn('', <NothingHere {..._options} />);
    this._table = drawn('claimed-Lineage-table', table);
    this._timeline = drawn('', <Timeline {..._options} />);
    this._timeline.addClass('claimed-Lineage-scrolled');
    [this._bar, this._nothing, this.pane, this._table, this._timeline].forEach(
      widget => this.addWidget(widget)
    );
    model.changed.connect(this._show, this);
    model.results.changed.connect(this._show, this);
    model.part.changed.connect(this._show, this);
    model.graph.contextMenuRequested.connect(this._onMenu, this);
    this._show();
  }

  readonly pane: GraphPane;

  /** Gives the keyboard to what is shown. */
  takeFocus(): void {
    const shown = [this.pane, this._table].find(({ isVisible }) => isVisible);
    const target =
      shown?.node.querySelector<HTMLElement>('[tabindex="0"]') ?? shown?.node;
    (target ?? this.parent?.parent?.node)?.focus();
  }

  private _drawn(): IDrawn {
    return {
      fit: () => this.pane.showAll(),
      zoomIn: () => this.pane.zoomIn(),
      zoomOut: () => this.pane.zoomOut(),
      save: async () => {
        const image = await this.pane.toImage();
        download('lineage.png', image, image.type);
      }
    };
  }

  private _show(): void {
    const { view } = this._options.model.place;
    const nothing = nothingOf(this._options);
    const isNothing = nothing !== null;
    this._bar.setHidden(view !== 'graph' || nothing === 'empty');
    this._nothing.setHidden(!isNothing);
    this.pane.setHidden(view !== 'graph' || isNothing);
    this._table.setHidden(view !== 'table' || isNothing);
    this._timeline.setHidden(view !== 'timeline' || isNothing);
  }

  private _onMenu(
    _: unknown,
    { id, x, y }: { id: string; x: number; y: number }
  ): void {
    const { model, trans } = this._options;
    const node = model.graph.node(id);
    if (node) {
      openMenu(nodeEntries(this._options, node), x, y);
    } else if (model.graph.group(id)) {
      const label = model.graph.isOpen(id)
        ? trans.__('Close the Group')
        : trans.__('Open the Group');
      openMenu([{ label, execute: () => model.graph.toggleGroup(id) }], x, y);
    }
  }

  private readonly _bar: Widget;
  private readonly _nothing: Widget;
  private readonly _table: Widget;
  private readonly _timeline: Widget;
}

/** A part that React draws. */
function drawn(className: string, element: JSX.Element): ReactWidget {
  const widget = ReactWidget.create(element);
  if (className) {
    widget.addClass(className);
  }
  return widget;
}

/** Tells a widget of its size when the page, not Lumino, has changed it. */
function followSize(widget: Widget): IDisposable {
  const observer = new ResizeObserver(() => {
    if (widget.isVisible) {
      MessageLoop.sendMessage(widget, Widget.ResizeMessage.UnknownSize);
    }
  });
  observer.observe(widget.node);
  return {
    get isDisposed() {
      return widget.isDisposed;
    },
    dispose: () => observer.disconnect()
  };
}
