import * as React from 'react';

/** A long name, which goes on in the next line where a word of it ends. */
export function Breakable({ name }: { name: string }): JSX.Element {
  return (
    <>
      {name.split(/(?<=[_./-])/).map((word, index) => (
        <React.Fragment key={index}>
          {index > 0 && <wbr />}
          {word}
        </React.Fragment>
      ))}
    </>
  );
}
