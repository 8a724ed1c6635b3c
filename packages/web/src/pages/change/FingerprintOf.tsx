/** The rest of what the fingerprint covers: source files, inputs, target, flags. All of it shown. */
import type { ReactElement, ReactNode } from 'react'
import type { Manifests } from '../../model/evidence.ts'
import type { ChangeView } from '../../model/wire.ts'
import { count, shortDigest } from '../../model/words.ts'
import { Raw } from '../../ui/pieces.tsx'

export function FingerprintOf(props: {
  readonly change: ChangeView
  readonly manifests: Manifests
}): ReactElement {
  const { change, manifests } = props
  return (
    <section className="also" aria-label="Also in the fingerprint">
      <div className="inbox-head">
        <h2>Also in the fingerprint</h2>
        <span className="also-explains">If any of it differs at the start, nothing runs.</span>
      </div>
      <div className="card plan-list">
        <Part title={count(manifests.source.length, 'source file')}>
          {manifests.source.map((file) => (
            <Pair key={file.path} name={file.path} value={shortDigest(file.sha256)}>
              {file.executable ? <span className="tag">executable</span> : null}
            </Pair>
          ))}
        </Part>
        <Part title={`${count(manifests.inputs.length, 'input')}, as keyed digests`}>
          {manifests.inputs.map((input) => (
            <Pair
              key={`${input.kind} ${input.name}`}
              name={input.name}
              value={shortDigest(input.token)}
            >
              <span className="tag">{input.kind}</span>
            </Pair>
          ))}
        </Part>
        <Part title="Where it acts, and how">
          <Target target={change.target} />
          <Pair name="flags" value={change.flags.join(' ') || 'none'} />
          <Pair name="plan file" value={shortDigest(change.binding.artifact)} />
        </Part>
      </div>
    </section>
  )
}

function Part(props: { readonly title: string; readonly children: ReactNode }): ReactElement {
  return (
    <details className="also-row">
      <summary data-row="">{props.title}</summary>
      <dl className="pairs">{props.children}</dl>
    </details>
  )
}

function Pair(props: {
  readonly name: string
  readonly value: string
  readonly children?: ReactNode
}): ReactElement {
  return (
    <div className="pair">
      <dt>
        <Raw text={props.name} /> {props.children}
      </dt>
      <dd>
        <Raw text={props.value} />
      </dd>
    </div>
  )
}

function Target(props: { readonly target: ChangeView['target'] }): ReactElement {
  const { target } = props
  const settings = Object.entries(target.backend.settings)
  return (
    <>
      <Pair name="backend" value={target.backend.type} />
      {settings.map(([name, value]) => (
        <Pair key={name} name={`backend ${name}`} value={value} />
      ))}
      <Pair name="tool workspace" value={target.toolWorkspace} />
      <Pair name="state lineage" value={target.lineage ?? 'none: this is a first plan'} />
      {target.principals.map((each) => (
        <Pair
          key={`${each.provider} ${each.account}`}
          name={`${each.provider} account`}
          value={each.account}
        />
      ))}
      {target.providers.map((each) => (
        <Pair key={each.key} name={`provider ${each.key}`} value={providerText(each)} />
      ))}
    </>
  )
}

function providerText(provider: ChangeView['target']['providers'][number]): string {
  const endpoints = Object.entries(provider.endpoints).map(([name, url]) => `${name} at ${url}`)
  const region = provider.region === null ? 'no region' : provider.region
  return [region, ...endpoints].join(', ')
}
