import { encodeBase64, SYSTEM } from '@holdpoint/core';
import { newChangeId, newWorkspaceId } from '../new-ids.ts';
import { actorText, openChange } from '../open-change.ts';
import { startExecution } from '../start-execution.ts';
import { databaseNow } from '../store/db.ts';
import { recordHeartbeat, reserveChange } from '../store/runs.ts';
import { findReservation } from '../views-queries.ts';
import { isYours } from '../views-row.ts';
import { problemInWorkspace, problemOfAsking, seenChange, viewerFor } from './asked.ts';
import { refusedDifferences } from './differences.ts';
import { done, refused } from './handler.ts';
import { passCommand } from './handlers-people.ts';
import { isSignedBy } from './signature.ts';
export function runnerHandlers(services) {
    return {
        reserve: (ask) => reserve(ask, services),
        open: (ask) => open(ask, services),
        start: async ({ actor, params, body }) => {
            const signed = { action: 'start', change: params.change, ...body };
            const found = await signedChange(actor, signed, services);
            if (!found.ok)
                return found;
            return startExecution({ actor, change: found.value, body: body.body }, services);
        },
        refuseStart: (ask) => refuseStart(ask, services),
        heartbeat: (ask) => heartbeat(ask, services),
        finish: async ({ actor, params, body }) => {
            const signed = { action: 'finish', change: params.change, ...body };
            const found = await signedChange(actor, signed, services);
            if (!found.ok)
                return found;
            const runnerKey = found.value.runner.publicKey;
            const command = { type: 'finish', runnerKey, outcome: body.body.outcome };
            return passCommand({ actor, change: params.change, command }, services);
        },
    };
}
async function reserve({ actor, body }, services) {
    const state = services.audit.watch.state();
    if (state !== 'ok')
        return refused({ code: 'reads_only', why: state.readsOnly });
    const workspace = await workspaceNamed(actor, body.workspace, services);
    if (!workspace.ok)
        return workspace;
    const key = await keyChange(actor, body.sameAs, services);
    if (!key.ok)
        return key;
    const change = newChangeId();
    const reservation = { change, workspace: workspace.value, actor: actorText(actor) };
    await reserveChange(services.database.kysely, reservation, services.clock.now());
    const hidingKey = encodeBase64(services.hidingKey(workspace.value, key.value ?? change));
    return done({
        change,
        workspace: workspace.value,
        workspaceName: body.workspace,
        hidingKey,
    });
}
/** A workspace is made by its first change, where the actor may open changes anywhere. */
async function workspaceNamed(actor, name, services) {
    const access = await services.gate.access();
    const known = [...access.workspaces.values()].find((each) => each.name === name);
    const action = 'open_change';
    if (known !== undefined) {
        const asked = { action, workspace: known.id };
        const problem = await problemInWorkspace(actor, asked, services);
        return problem === null ? done(known.id) : refused(problem);
    }
    const anywhere = await problemOfAsking(actor, { action, on: 'installation' }, services);
    if (anywhere !== null)
        return refused({ code: 'not_found', what: 'workspace' });
    const workspace = newWorkspaceId();
    const event = { type: 'workspace_created', workspace, name };
    const command = { type: 'change_access', event };
    const answer = await services.gate.handle(SYSTEM, { on: 'access', command });
    if (answer.ok)
        return done(workspace);
    // Two first changes at once: the other one has made it.
    const again = [...(await services.gate.access()).workspaces.values()];
    const made = again.find((each) => each.name === name);
    return made === undefined ? refused(answer.refusal) : done(made.id);
}
/** Whoever re-plans their own change gets that change's key again; nobody else's. */
async function keyChange(actor, sameAs, services) {
    if (sameAs === null)
        return done(null);
    const seen = await seenChange(actor, sameAs, services);
    if (!seen.ok)
        return seen;
    const viewer = await viewerFor(actor, services);
    return isYours(seen.value.change, viewer)
        ? done(sameAs)
        : refused({ code: 'not_found', what: 'change' });
}
async function open({ actor, params, body }, services) {
    const { change } = params;
    const workspace = await findReservation(services.database.kysely, change);
    if (workspace === null)
        return refused({ code: 'not_found', what: 'reservation' });
    const asked = { action: 'open_change', workspace };
    const problem = await problemInWorkspace(actor, asked, services);
    if (problem !== null)
        return refused(problem);
    const answer = await openChange({ actor, change, workspace, request: body }, services);
    if (!answer.ok)
        return refused(answer.refusal);
    return done({ status: answer.change?.status ?? 'evaluating' });
}
/** The change, when the actor may execute it and its own runner has signed the request. */
async function signedChange(actor, request, services) {
    const seen = await seenChange(actor, request.change, services);
    if (!seen.ok)
        return seen;
    const { change } = seen.value;
    const asked = { action: 'execute_change', on: { workspace: change.workspace } };
    const problem = await problemOfAsking(actor, asked, services);
    if (problem !== null)
        return refused(problem);
    return isSignedBy(change.runner.publicKey, request)
        ? done(change)
        : refused({ code: 'other_runner' });
}
async function refuseStart({ actor, params, body }, services) {
    const signed = { action: 'refuse_start', change: params.change, ...body };
    const found = await signedChange(actor, signed, services);
    if (!found.ok)
        return found;
    const refusal = await refusedDifferences(found.value, body.body.differences, services.database);
    const runnerKey = found.value.runner.publicKey;
    const command = { type: 'refuse_start', runnerKey, refused: refusal };
    return passCommand({ actor, change: params.change, command }, services);
}
async function heartbeat({ actor, params, body }, services) {
    const signed = { action: 'heartbeat', change: params.change, ...body };
    const found = await signedChange(actor, signed, services);
    if (!found.ok)
        return found;
    const { changeId, status, execution } = found.value;
    // Whether a runner is lost is asked by the database's clock, so it beats by that one.
    const now = await databaseNow(services.database.kysely);
    const until = execution?.until ?? now;
    if (status !== 'executing' || now >= until)
        return done({ goOn: false, until });
    const beat = { change: changeId, beat: body.body.beat, at: now };
    if (await recordHeartbeat(services.database.kysely, beat))
        return done({ goOn: true, until });
    return refused({ code: 'invalid_input', problems: ['beat: is not newer than the last one'] });
}
