import {
  JupyterFrontEnd,
  JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { IClaimedClient } from '../tokens';
import { ClaimedClient } from './client';

/** The REST client that the other plugins share. */
export const clientPlugin: JupyterFrontEndPlugin<IClaimedClient> = {
  id: 'claimed-jlab:client',
  description: 'The REST client of the CLAIMED server extension.',
  autoStart: true,
  provides: IClaimedClient,
  activate: (app: JupyterFrontEnd): IClaimedClient =>
    new ClaimedClient(app.serviceManager.serverSettings)
};
