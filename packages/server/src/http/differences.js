/**
 * What a runner found to differ, as an entry can hold it: parts and digests. The names of files and
 * variables behind it become evidence.
 */
import { nodePrimitives } from '@holdpoint/api/node';
import { canonicalText, digestText, parseDigest, } from '@holdpoint/core';
import { keepEvidence } from '../kept.ts';
export async function refusedDifferences(change, differences, database) {
    const parts = [...new Set(differences.map((each) => each.part))];
    return {
        differences: parts.map((part) => {
            const here = differences.filter((each) => each.part === part);
            return {
                part,
                approved: approvedDigest(change, part, here),
                now: digestOfAll(here.map((each) => each.now)),
            };
        }),
        names: await keepNames(change, differences, database),
    };
}
/** `null` where the runner gave none. */
export async function keepNames(change, differences, database) {
    if (differences.length === 0)
        return null;
    const list = differences.map(({ part, name, approved, now }) => ({ part, name, approved, now }));
    const text = canonicalText({ v: 1, differences: list });
    return keepEvidence(database, { workspace: change.workspace, text });
}
function approvedDigest(change, part, here) {
    const bound = Object.entries(change.binding).find(([name]) => name === part)?.[1];
    return bound ?? digestOfAll(here.map((each) => each.approved));
}
/** A digest stays itself; several values, or a text, become the digest of their list. */
function digestOfAll(values) {
    const [only] = values;
    const digest = values.length === 1 && only !== undefined ? parseDigest(only) : null;
    return digest ?? digestText(nodePrimitives, canonicalText(values));
}
