import { describe, expect, it } from 'vitest';
import {
  defaultValues,
  formArguments,
  parametersSchema
} from '../../labextension/src/editor/parameters';

const PARAMETERS = {
  seed: { type: 'int', default: 7, description: 'Seed' },
  kind: { type: 'Literal[\'a\', "b"]', default: 'a', description: '' },
  groups: { type: 'dict', default: { sex: ['A91'] }, description: '' },
  name: { type: 'str', default: undefined, description: '' }
};

describe('The form of a pipeline’s parameters', () => {
  it('asks for each by its type', () => {
    const schema = parametersSchema(PARAMETERS);
    expect(schema.properties).toMatchObject({
      seed: { type: 'integer', title: 'seed', description: 'Seed' },
      kind: { enum: ['a', 'b'] },
      groups: { type: 'string' },
      name: { type: 'string' }
    });
    expect(schema.required).toEqual(['name']);
  });

  it('gives back the defaults it was filled with', () => {
    const values = defaultValues(PARAMETERS);
    expect(formArguments(PARAMETERS, values)).toEqual({
      seed: 7,
      kind: 'a',
      groups: { sex: ['A91'] }
    });
  });

  it('says which value is no JSON', () => {
    expect(() => formArguments(PARAMETERS, { groups: '{sex' })).toThrow(
      /^groups must be JSON/
    );
  });
});
