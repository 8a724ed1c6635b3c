import { z } from 'zod';
import { Fault } from '../io/fault.ts';
import { FAULT, requestProblem, sendProblem, sendRefusal } from './problems.ts';
const STATUS_OF_FAULT = {
    address_unusable: 500,
    commit_unknown: 502,
    database_failed: 503,
    database_unsuitable: 500,
    file_failed: 500,
    folder_in_use: 500,
    key_unusable: 500,
    migration_changed: 500,
    shutting_down: 503,
    too_large: 413,
    wrong_digest: 422,
    wrong_mode: 500,
    quota_exceeded: 429,
    reads_only: 503,
    recovery_failed: 500,
};
/** Faults that are about what was sent: their sentence is for the sender. */
const ABOUT_REQUEST = ['too_large', 'wrong_digest', 'quota_exceeded'];
export function registerFaults(app, options) {
    app.setErrorHandler((error, _request, reply) => {
        if (error instanceof z.ZodError) {
            options.metrics.refused('invalid_input');
            return sendRefusal(reply, invalidInput(error));
        }
        if (error instanceof Fault) {
            const status = STATUS_OF_FAULT[error.code];
            if (ABOUT_REQUEST.includes(error.code))
                return sendProblem(reply, status, requestProblem(status, 'Not stored', error.message));
            options.logger.error({ err: error }, 'a request failed');
            return sendProblem(reply, status, FAULT);
        }
        const status = error.statusCode ?? 500;
        // Fastify's own words about requests that are not HTTP or JSON name nothing of ours.
        if (status >= 400 && status < 500)
            return sendProblem(reply, status, requestProblem(status, 'Not understood', error.message));
        options.logger.error({ err: error }, 'a request met a bug');
        return sendProblem(reply, 500, FAULT);
    });
}
export function invalidInput(error) {
    const problems = error.issues.map((issue) => {
        const path = issue.path.join('.');
        return path === '' ? issue.message : `${path}: ${issue.message}`;
    });
    return { code: 'invalid_input', problems: problems.slice(0, 20) };
}
