import { keepText } from '../kept.ts';
import { problemOfAsking, seenChange } from './asked.ts';
import { done, refused } from './handler.ts';
export function peopleHandlers(services) {
    return {
        approve: (ask) => decide(ask, 'approve', services),
        reject: (ask) => decide(ask, 'reject', services),
        takeBack: async ({ actor, params }) => {
            const person = decider(actor, services);
            if (!person.ok)
                return person;
            const command = { type: 'take_back', person: person.value.id };
            return passCommand({ actor, change: params.change, command }, services);
        },
        withdraw: ({ actor, params }) => passCommand({ actor, change: params.change, command: { type: 'withdraw' } }, services),
        resolve: (ask) => resolve(ask, services),
    };
}
async function decide({ actor, params, body }, type, services) {
    const seen = await seenChange(actor, params.change, services);
    if (!seen.ok)
        return seen;
    const person = decider(actor, services);
    if (!person.ok)
        return person;
    const { id, assurance } = person.value;
    const unasked = await mayNot(seen.value.change, actor, services);
    if (unasked !== null)
        return refused(unasked);
    if (type === 'reject' && (body.reason ?? '').trim().length < REASON_MIN)
        return refused({ code: 'reason_required', charactersMin: REASON_MIN });
    const reason = await keepText(services.database, body.reason);
    const command = { type, person: id, fingerprint: body.fingerprint, assurance, reason };
    return passCommand({ actor, change: params.change, command }, services);
}
const REASON_MIN = 3;
/** Asked before anything typed is kept; the gate asks again. */
async function mayNot(change, actor, services) {
    const on = { workspace: change.workspace };
    return problemOfAsking(actor, { action: 'decide_change', on }, services);
}
/** In production this version cannot know a person, so nobody decides (SECURITY.md). */
function decider(actor, services) {
    if (services.mode === 'production')
        return refused({ code: 'decide_unavailable' });
    if (actor.kind !== 'person')
        return refused({ code: 'not_eligible', slots: [], because: 'not_a_person' });
    return done(actor);
}
async function resolve({ actor, params, body }, services) {
    const seen = await seenChange(actor, params.change, services);
    if (!seen.ok)
        return seen;
    const person = decider(actor, services);
    if (!person.ok)
        return person;
    const { resolution } = body;
    const reason = await keepText(services.database, body.reason);
    if (reason === null)
        return refused({ code: 'reason_required', charactersMin: REASON_MIN });
    const command = { type: 'resolve_outcome', person: person.value.id, resolution, reason };
    return passCommand({ actor, change: params.change, command }, services);
}
/** Through the gate, and the status the change has then. */
export async function passCommand(passed, services) {
    const { actor, change, command } = passed;
    const answer = await services.gate.handle(actor, {
        on: 'change',
        change,
        workspace: null,
        command,
    });
    if (!answer.ok)
        return refused(answer.refusal);
    if (answer.change === null)
        return refused({ code: 'not_found', what: 'change' });
    return done({ status: answer.change.status });
}
