import { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';
import { IFix, typeName } from '../api/types';
import { InputSpec, OutputSpec } from '../api/schema';
import { Breakable } from '../breakable';
import { valueText } from '../editor/source';
import { Finding, FixButton, placeName } from './findings';
import { ComponentizeModel } from './model';

type Port = InputSpec | OutputSpec;

interface IPortsProps {
  heading: string;
  ports: Port[];
  /** What is said when there is none. */
  none: string;
  model: ComponentizeModel;
  trans: TranslationBundle;
}

/** The inputs or the outputs of the component, one a row. */
export function Ports(props: IPortsProps): JSX.Element {
  const { heading, ports, none, trans } = props;
  return (
    <section aria-label={heading}>
      <h3>{heading}</h3>
      {ports.length === 0 ? (
        <p className="claimed-quiet">{none}</p>
      ) : (
        <table className="claimed-Interface">
          <thead>
            <tr>
              <th scope="col">{trans.__('Name')}</th>
              <th scope="col">{trans.__('Type')}</th>
              <th scope="col">{trans.__('Default')}</th>
              <th scope="col">{trans.__('Description')}</th>
              <th scope="col">{trans.__('Origin')}</th>
            </tr>
          </thead>
          <tbody>
            {ports.map(port => (
              <PortRows key={port.name} {...props} port={port} />
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}

/** A port, and below it what is said about it. */
function PortRows(props: IPortsProps & { port: Port }): JSX.Element {
  const { port, model, trans } = props;
  const findings = model.about(port.name);
  const isNoted = findings.length > 0 || port.fix !== null;
  return (
    <>
      <tr data-port={port.name} data-noted={isNoted || undefined}>
        <th scope="row">
          <PortName {...props} />
        </th>
        <td title={port.type}>{typeName(port.type)}</td>
        <td>
          <Default port={port} trans={trans} />
        </td>
        <td>{port.description}</td>
        <td>
          <Origin port={port} trans={trans} />
        </td>
      </tr>
      {isNoted && (
        <tr className="claimed-Interface-findings">
          <td colSpan={5}>
            {findings.map((finding, i) => (
              <Finding key={i} finding={finding} {...props} />
            ))}
            {port.fix && (
              <div className="claimed-Finding">
                <FixButton
                  {...props}
                  fix={port.fix as IFix}
                  about={port.name}
                />
              </div>
            )}
          </td>
        </tr>
      )}
    </>
  );
}

/** The name leads to the place in the notebook where it was found. */
function PortName(props: IPortsProps & { port: Port }): JSX.Element {
  const { port, model, trans } = props;
  const isArtifact = port.kind === 'artifact';
  return (
    <span className="claimed-Interface-name">
      <span
        className="claimed-Shape"
        data-type={isArtifact ? typeName(port.type) : 'parameter'}
      />
      {port.cell !== null ? (
        <button
          className="claimed-Link"
          title={trans.__('Go to %1', placeName(port, trans))}
          onClick={() => model.show(port)}
        >
          <Breakable name={port.name} />
        </button>
      ) : (
        <span>
          <Breakable name={port.name} />
        </span>
      )}
    </span>
  );
}

function Default(props: { port: Port; trans: TranslationBundle }): JSX.Element {
  const { port, trans } = props;
  const value = port.default;
  if (value !== null && value !== undefined) {
    return <code>{valueText(value)}</code>;
  }
  const isNeeded = 'optional' in port && !port.optional;
  return (
    <span className="claimed-quiet">
      {isNeeded ? trans.__('required') : trans.__('none')}
    </span>
  );
}

/** Whether the notebook says it itself, and where it was found. */
function Origin(props: { port: Port; trans: TranslationBundle }): JSX.Element {
  const { port, trans } = props;
  const { inferred } = port;
  return (
    <>
      <span
        className="claimed-Tag"
        data-inferred={inferred || undefined}
        title={
          inferred
            ? trans.__(
                'Concluded from the code. Write the type beside the name to say it yourself.'
              )
            : trans.__('The notebook says so itself.')
        }
      >
        {inferred ? trans.__('inferred') : trans.__('declared')}
      </span>
      {port.cell !== null && (
        <span className="claimed-Interface-place">
          {placeName(port, trans)}
        </span>
      )}
    </>
  );
}
