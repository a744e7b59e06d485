import { JupyterFrontEnd } from '@jupyterlab/application';
import {
  Clipboard,
  IThemeManager,
  InputDialog,
  Notification
} from '@jupyterlab/apputils';
import { PageConfig } from '@jupyterlab/coreutils';
import { IFileBrowserFactory } from '@jupyterlab/filebrowser';
import { IRenderMimeRegistry } from '@jupyterlab/rendermime';
import { TranslationBundle } from '@jupyterlab/translation';
import { Widget } from '@lumino/widgets';
import { messageOf } from '../api/errors';
import { isUnknownHere } from './detail';
import { ILineageNode, LineageClient } from '../api/lineage';
import { IOutputView } from '../api/types';
import { tellFailure } from '../failure';
import { artifactIcon, compareIcon, lineageIcon } from '../icons';
import { IPage, showPage } from '../pages';
import { OutputView } from '../reports/view';
import { CommandIDs } from '../tokens';
import { csvOf, download } from './csv';
import type { IExportSubject } from './export/choice';
import type { Exporter } from './export/exporter';

export interface IActionServices {
  app: JupyterFrontEnd;
  client: LineageClient;
  rendermime: IRenderMimeRegistry;
  themes: IThemeManager | null;
  browsers: IFileBrowserFactory | null;
  trans: TranslationBundle;
}

/** What leads out of the explorer, to other parts of JupyterLab. */
export class Actions {
  constructor(private readonly _services: IActionServices) {}

  /** Puts the cursor where a tag is written. */
  askTag: () => void = () => undefined;

  openRun(run: string): void {
    this._execute(CommandIDs.openRun, { run });
  }

  openFile(path: string): void {
    this._execute('docmanager:open', { path });
  }

  openNotebook({ id, name }: ILineageNode): void {
    this._execute(CommandIDs.openExecution, { execution: id, name });
  }

  openCode(reference: string): void {
    this._execute(CommandIDs.openCode, { reference });
  }

  newPipeline(): void {
    this._execute(CommandIDs.newPipeline, { isPalette: true });
  }

  /** What an artifact holds, on a page of its own. */
  openContent(node: ILineageNode): Promise<void> {
    const { client, trans } = this._services;
    return this._show({
      id: `claimed-content-${node.id}`,
      label: node.name,
      caption: [node.name, node.uri].filter(Boolean).join('\n'),
      icon: artifactIcon,
      failure: trans.__('The content cannot be shown'),
      content: async () => this.view(await client.preview(node.id))
    });
  }

  /** Renders what an artifact holds. */
  view(output: IOutputView): Widget {
    const { rendermime, themes, trans } = this._services;
    return new OutputView({ output, rendermime, themes, trans });
  }

  /** Markdown as JupyterLab shows it. */
  async markdown(text: string): Promise<HTMLElement> {
    const { commands } = this._services.app;
    return commands.execute(CommandIDs.renderMarkdown, { text });
  }

  /** Nodes side by side, on a page of its own. */
  compare(ids: string[]): Promise<void> {
    const { client, trans } = this._services;
    return this._show({
      id: `claimed-lineage-compare-${ids.join('-')}`,
      label: trans.__('Compare'),
      caption: ids.join('\n'),
      icon: compareIcon,
      failure: trans.__('These cannot be compared'),
      content: async () => {
        const { CompareView } = await import('./compare');
        const comparison = await client.compare(ids);
        const open = (node: string) =>
          this._execute(CommandIDs.openLineage, { node });
        return new CompareView({ comparison, open, trans });
      }
    });
  }

  /** The model card of an artifact. */
  openCard({ id, name }: ILineageNode): Promise<void> {
    const { client, trans } = this._services;
    return this._show({
      id: `claimed-card-${id}`,
      label: trans.__('Card of %1', name),
      caption: trans.__('Model card of %1 (%2)', name, id),
      icon: artifactIcon,
      failure: trans.__('There is no model card'),
      content: async () => {
        const { CardView } = await import('./card');
        const text = await client.card(id);
        const html = await this.markdown(text);
        return new CardView({ name, text, html, actions: this, trans });
      }
    });
  }

  /** Makes an artifact again, and follows how that goes. */
  reproduce(node: ILineageNode): Promise<void> {
    const { client, trans } = this._services;
    return this._show({
      id: `claimed-reproduce-${node.id}`,
      label: trans.__('Reproduce %1', node.name),
      caption: trans.__('Making %1 (%2) again', node.name, node.id),
      icon: lineageIcon,
      failure: trans.__('It cannot be made again'),
      content: async () => {
        const { ReproduceView } = await import('./reproduce');
        const { run_id: run } = await client.reproduce(node.id);
        return new ReproduceView({ node, run, client, actions: this, trans });
      }
    });
  }

  /** Writes the lineage of something in a standard. */
  async exportLineage(subject: IExportSubject): Promise<void> {
    const { app, client, browsers, trans } = this._services;
    const { Exporter } = await import('./export/exporter');
    const { commands, serviceManager } = app;
    const browser = () => {
      const model = browsers?.tracker.currentWidget?.model ?? null;
      // The server knows its own files only.
      return model && !serviceManager.contents.driveName(model.path)
        ? model
        : null;
    };
    this._exporter ??= new Exporter({ client, commands, browser, trans });
    await this._exporter.ask(subject);
  }

  /** Adds a tag, which is asked for, to several nodes. */
  async tagSeveral(nodes: readonly ILineageNode[]): Promise<void> {
    const { client, trans } = this._services;
    const { value } = await InputDialog.getText({
      title: trans._n('Tag %1 node', 'Tag %1 nodes', nodes.length),
      label: trans.__('Tag'),
      okLabel: trans.__('Tag')
    });
    const tag = value?.trim();
    if (tag) {
      await tellFailure(trans.__('Not all could be tagged'), async () => {
        for (const { id } of nodes) {
          const { tags } = await client.node(id);
          await client.setTags(id, { ...tags, [tag]: tags[tag] ?? '' });
        }
      });
      this.tagged();
    }
  }

  /** Called when several nodes were tagged. */
  tagged: () => void = () => undefined;

  /** Hands the rows of the table to the user. */
  saveTable(rows: (string | number | null)[][]): void {
    download('lineage.csv', csvOf(rows), 'text/csv;charset=utf-8');
  }

  /** Copies a short text, and says so. */
  copy(text: string): void {
    this._copy(text, this._services.trans.__('Copied: %1', text));
  }

  /** Copies a text of many lines. */
  copyQuietly(text: string): void {
    this._copy(text, this._services.trans.__('Copied'));
  }

  /** query: the part of the URL from its `?`. */
  copyLink(query: string): void {
    const { defaultWorkspace: workspace } = PageConfig;
    const url = PageConfig.getUrl({ workspace, treePath: '', toShare: true });
    this.copy(new URL(url + query, window.location.href).href);
  }

  /** Opens a page, whose content not every server has. */
  private _show(page: IPage): Promise<void> {
    const { app, trans } = this._services;
    const content = () =>
      page.content().catch(error => {
        throw isUnknownHere(error)
          ? new Error(trans.__('This server cannot do that yet.'))
          : error;
      });
    return showPage(app.shell, { ...page, content });
  }

  private _copy(text: string, news: string): void {
    Clipboard.copyToSystem(text);
    Notification.success(news, { autoClose: 3000 });
  }

  private _execute(
    command: string,
    args: { [name: string]: string | boolean }
  ): void {
    const { app, trans } = this._services;
    app.commands.execute(command, args).catch(error => {
      Notification.error(
        trans.__('This cannot be opened: %1', messageOf(error))
      );
    });
  }

  private _exporter: Exporter | null = null;
}
