import { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';
import { ICredential } from '../api/engines';
import { CREDENTIAL, SettingsModel } from './settingsmodel';
import { isTyped } from './settingsschema';

interface ICredentialProps {
  model: SettingsModel;
  trans: TranslationBundle;
}

/** Takes a secret, and says where one is; it never shows one. */
export function CredentialField(props: ICredentialProps): JSX.Element | null {
  const { model, trans } = props;
  const { kind, word } = model.secret;
  const { credential } = model.settings!;
  if (kind === 'none') {
    return null;
  }
  if (kind === 'service-account') {
    return (
      <p className="claimed-quiet">
        {trans.__(
          'The token of the service account is read from where the cluster mounts it.'
        )}
      </p>
    );
  }
  const isKept = kind === credential.kind && credential.is_set;
  if (!isTyped(model.values)) {
    return (
      <div className="claimed-Field claimed-Credential">
        <Where {...props} credential={credential} isKept={isKept} />
      </div>
    );
  }
  return (
    <div className="claimed-Field claimed-Credential">
      <label htmlFor="claimed-engine-credential">
        {word ?? trans.__('Credential')}
      </label>
      <Where {...props} credential={credential} isKept={isKept} />
      <Entry {...props} isKept={isKept} />
      <WhyNot {...props} />
    </div>
  );
}

/** Why none can be kept here. */
function WhyNot({ model, trans }: ICredentialProps): JSX.Element | null {
  const { storable, why_not } = model.settings!.credential;
  return storable ? null : (
    <p className="claimed-Field-help" role="note">
      {trans.__(
        'It cannot be kept here: %1. “Test connection” can still try one.',
        why_not ?? ''
      )}
    </p>
  );
}

/** Where the secret is that is used now. */
function Where(
  props: ICredentialProps & { credential: ICredential; isKept: boolean }
): JSX.Element | null {
  const { model, credential, isKept, trans } = props;
  if (!isKept) {
    return null;
  }
  return (
    <p className="claimed-Credential-where">
      ✓ {whereWords(credential, trans)}{' '}
      {credential.from === 'keyring' && (
        <button
          type="button"
          className="claimed-Link"
          aria-disabled={model.work !== null}
          onClick={() => void model.forget()}
        >
          {trans.__('Forget')}
        </button>
      )}
    </p>
  );
}

function whereWords(
  { from, name }: ICredential,
  trans: TranslationBundle
): string {
  switch (from) {
    case 'keyring':
      return trans.__('Stored in the keyring.');
    case 'environment':
      return name
        ? trans.__('Comes from the environment variable %1.', name)
        : trans.__('Comes from an environment variable of the server.');
    case 'file':
      return name
        ? trans.__('Read from the file %1.', name)
        : trans.__('Read from a file that the server is given.');
    default:
      return trans.__('There is one.');
  }
}

function Entry(props: ICredentialProps & { isKept: boolean }): JSX.Element {
  const { model, isKept, trans } = props;
  const problem = model.problem?.field === CREDENTIAL && model.problem.message;
  return (
    <>
      <input
        id="claimed-engine-credential"
        type="password"
        autoComplete="new-password"
        spellCheck={false}
        placeholder={
          isKept ? trans.__('Empty: the one that is there stays') : ''
        }
        value={model.credential}
        aria-invalid={!!problem}
        aria-describedby="claimed-engine-credential-help"
        onChange={event => model.changeCredential(event.target.value)}
      />
      <p id="claimed-engine-credential-help" className="claimed-Field-help">
        {problem ? (
          <span className="claimed-Field-problem" role="alert">
            {problem}
          </span>
        ) : (
          trans.__(
            'Kept in the keyring of the system; never in a document, a run or a log.'
          )
        )}
      </p>
    </>
  );
}
