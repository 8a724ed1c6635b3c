/**
 * What can be configured about who one is: the identity provider of people, the directory that names
 * them, and the issuers whose word about a pipeline is believed. Nothing here has a wildcard.
 */
import { VERBS } from '@holdpoint/core'
import { z } from 'zod'

/** A secret is named by where it lies. */
export const reference = (summary: string) =>
  z
    .string()
    .regex(/^(file:.+|env:[A-Za-z_][A-Za-z0-9_]*)$/, 'must be file:<path> or env:<NAME>')
    .describe(summary)

/** https, or http on this very machine: anybody between could be the issuer otherwise. */
const IssuerUrl = z
  .url({ protocol: /^https?$/, error: 'must be an https address' })
  .refine((text) => {
    const url = URL.parse(text)
    return url?.protocol === 'https:' || (url !== null && isOwnMachine(url.hostname))
  }, 'must be an https address')

export function isOwnMachine(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(hostname)
}

export const OidcSchema = z.strictObject({
  issuer: IssuerUrl.describe('Issuer of the identity provider, as its discovery document has it.'),
  clientId: z.string().min(1).describe('The client that the provider knows this server as.'),
  clientSecret: reference('Secret of that client, by reference.'),
  scopes: z
    .string()
    .regex(/^openid( [\x21-\x7e]+)*$/, 'must begin with openid')
    .default('openid profile email')
    .describe('What is asked for, separated by spaces.'),
  groupsClaim: z
    .string()
    .min(1)
    .optional()
    .describe('Claim with the immutable ids of groups; only linked teams follow it.'),
  name: z.string().min(1).max(60).default('single sign-on').describe('Words on the button.'),
  createPeople: z
    .boolean()
    .default(true)
    .describe('Whether somebody who signs in for the first time is added; else refused.'),
})

export const ScimSchema = z.strictObject({
  token: reference('Bearer of the directory (SCIM 2.0), by reference; at least 32 characters.'),
  issuer: IssuerUrl.optional().describe(
    'Whose subjects `externalId` is: the issuer of `oidc` unless given.',
  ),
})

const Name = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._/-]{0,199}$/, 'must be a plain name')

export const WorkloadSchema = z.strictObject({
  name: Name,
  issuer: IssuerUrl,
  /** Where the issuer publishes its keys: found by discovery unless given. */
  jwks: IssuerUrl.optional(),
  audience: z.string().min(1).optional(),
  claims: z
    .record(z.string().min(1), z.union([z.string(), z.boolean(), z.number()]))
    .refine((claims) => Object.keys(claims).length > 0, 'must pin at least one claim'),
  /** Claims that name, by ids that never change, who set the job off. */
  people: z
    .array(z.string().min(1).max(100))
    .max(10)
    .default(['actor_id', 'triggering_actor_id', 'user_id']),
  workspaces: z.array(Name).min(1),
  verbs: z.array(z.enum(VERBS)).min(1),
})

export const WorkloadsSchema = z
  .array(WorkloadSchema)
  .default([])
  .describe(
    'Pipelines that prove themselves: name, issuer, claims, people, workspaces, verbs. File only.',
  )
