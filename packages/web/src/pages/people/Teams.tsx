/** Teams: what rules ask for. Those from the directory are changed there. */
import type { ReactElement } from 'react'
import type { All, AskFirst } from './props.ts'

export function Teams(props: { readonly all: All; readonly ask: AskFirst }): ReactElement {
  const { teams } = props.all
  return (
    <section className="inbox-group" aria-labelledby="teams">
      <div className="section-head">
        <h2 id="teams">
          Teams <span className="num text-3">{teams.length}</span>
        </h2>
      </div>
      {teams.length === 0 ? (
        <p className="card inbox-empty small text-2">
          No team yet. A rule asks teams, and a team is made by its first member
          {props.ask === null ? '.' : ': open a person above.'}
        </p>
      ) : (
        <ul className="card inbox-list">
          {teams.map((team) => (
            <li key={team.name} className="team-row">
              <span className="strong">{team.name}</span>
              <span className="small text-2">
                {team.members.map(({ name }) => name).join(', ') || 'nobody'}
              </span>
              <span className="tiny text-3">
                {team.directory ? 'from the directory, changed there' : ''}
              </span>
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}
