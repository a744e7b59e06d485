import { LabIcon } from '@jupyterlab/ui-components';
import backSvg from '../../style/icons/back.svg';
import forwardSvg from '../../style/icons/forward.svg';
import zoomInSvg from '../../style/icons/zoom-in.svg';
import zoomOutSvg from '../../style/icons/zoom-out.svg';

function icon(name: string, svgstr: string): LabIcon {
  return new LabIcon({ name: `claimed-jlab:${name}`, svgstr });
}

export const backIcon = icon('back', backSvg);
export const forwardIcon = icon('forward', forwardSvg);
export const zoomInIcon = icon('zoom-in', zoomInSvg);
export const zoomOutIcon = icon('zoom-out', zoomOutSvg);
