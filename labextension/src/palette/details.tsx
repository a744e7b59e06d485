import { Clipboard } from '@jupyterlab/apputils';
import { TranslationBundle } from '@jupyterlab/translation';
import { copyIcon } from '@jupyterlab/ui-components';
import { CommandRegistry } from '@lumino/commands';
import * as React from 'react';
import { IComponent, IPort, typeName } from '../api/types';
import { ContainerFacts, Provenance } from './provenance';

/** What a component takes, gives and needs, below its line in the palette. */
export function ComponentDetails(props: {
  component: IComponent;
  commands: CommandRegistry;
  trans: TranslationBundle;
}): JSX.Element {
  const { component, trans } = props;
  const facts = [
    component.reference,
    component.license,
    component.tags.join(', ')
  ].filter(Boolean);
  return (
    <div className="claimed-Details">
      {component.install && component.missing.length > 0 && (
        <InstallLine line={component.install} trans={trans} />
      )}
      <p className="claimed-Details-description">{component.description}</p>
      <ContainerFacts component={component} trans={trans} />
      <PortList heading={trans.__('Inputs')} ports={component.inputs} />
      <PortList heading={trans.__('Outputs')} ports={component.outputs} />
      {component.requirements.length > 0 && (
        <>
          <h4>{trans.__('Libraries')}</h4>
          <p>{component.requirements.join(', ')}</p>
        </>
      )}
      <Provenance {...props} />
      <p className="claimed-Details-facts">{facts.join(' · ')}</p>
    </div>
  );
}

function InstallLine(props: {
  line: string;
  trans: TranslationBundle;
}): JSX.Element {
  const label = props.trans.__('Copy the command that adds what is missing');
  const [copied, setCopied] = React.useState(false);
  return (
    <div className="claimed-Install">
      <code>{props.line}</code>
      <button
        className="jp-Button jp-mod-minimal"
        title={copied ? props.trans.__('Copied') : label}
        aria-label={label}
        onClick={() => {
          Clipboard.copyToSystem(props.line);
          setCopied(true);
        }}
      >
        {copied ? (
          props.trans.__('Copied')
        ) : (
          <copyIcon.react tag="span" width="14px" />
        )}
      </button>
    </div>
  );
}

function PortList(props: {
  heading: string;
  ports: IPort[];
}): JSX.Element | null {
  if (props.ports.length === 0) {
    return null;
  }
  return (
    <>
      <h4>{props.heading}</h4>
      <dl className="claimed-PortList">
        {props.ports.map(port => (
          <div key={port.name}>
            <dt>
              {port.kind === 'artifact' && (
                <span
                  className="claimed-Shape"
                  data-type={typeName(port.type)}
                />
              )}
              {port.name}
              <span className="claimed-PortList-type">
                {' '}
                {typeName(port.type)}
              </span>
            </dt>
            {port.description && <dd>{port.description}</dd>}
          </div>
        ))}
      </dl>
    </>
  );
}
