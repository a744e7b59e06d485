import { INodeDetail } from '../api/lineage';
import { IShellProps } from './props';

/** What every part of the panel about one node knows. */
export interface IDetailProps extends IShellProps {
  detail: INodeDetail;
}
