/**
 * Credentials that a plan brings along, in a provider block or in the backend: they win over whatever
 * the runner is given, so a grant would not be what acts (threat C1, measured). Only that a setting
 * is there is looked at, never its value.
 */
import type { Plan, ProviderConfig } from './plan.ts'
import type { Target } from './target.ts'
import { field, isList, type Value } from './value.ts'

const SETTINGS: { readonly [provider: string]: readonly string[] } = {
  aws: [
    'access_key',
    'secret_key',
    'token',
    'profile',
    'shared_credentials_file',
    'shared_credentials_files',
    'shared_config_files',
    'assume_role_with_web_identity',
  ],
  google: ['credentials', 'access_token', 'external_credentials', 'impersonate_service_account'],
  azurerm: [
    'client_id',
    'client_id_file_path',
    'client_secret',
    'client_secret_file_path',
    'client_certificate',
    'client_certificate_path',
    'oidc_token',
    'oidc_token_file_path',
    'oidc_request_url',
    'oidc_request_token',
    'ado_pipeline_service_connection_id',
    'msi_endpoint',
    'use_aks_workload_identity',
    'use_msi',
    'use_cli',
  ],
  kubernetes: [
    'token',
    'username',
    'password',
    'client_key',
    'client_certificate',
    'config_path',
    'config_paths',
    'config_context',
    'exec',
  ],
  vault: [
    'token',
    'token_name',
    'auth_login',
    'auth_login_userpass',
    'auth_login_aws',
    'auth_login_cert',
    'auth_login_gcp',
    'auth_login_jwt',
    'auth_login_oidc',
    'auth_login_azure',
    'auth_login_kerberos',
    'auth_login_radius',
    'auth_login_oci',
    'auth_login_token_file',
    'client_auth',
  ],
}

const SAME_AS: { readonly [provider: string]: string } = {
  awscc: 'aws',
  'google-beta': 'google',
  azuread: 'azurerm',
  azapi: 'azurerm',
  helm: 'kubernetes',
}

/** A backend's setting by which the runner tells that the block has keys; see the runner's target. */
export const OWN_BACKEND_SETTING = 'own_credentials'
const BACKEND_SETTINGS: readonly string[] = ['profile', OWN_BACKEND_SETTING]

/** `provider aws: access_key, secret_key`; empty where everything comes from the grant. */
export function ownCredentials(plan: Pick<Plan, 'providers'>, target: Target): readonly string[] {
  const providers = plan.providers.flatMap((provider) => {
    const found = ownIn(provider)
    return found.length === 0 ? [] : [`provider ${provider.key}: ${found.join(', ')}`]
  })
  const { type, settings } = target.backend
  const backend = BACKEND_SETTINGS.filter((name) => Object.hasOwn(settings, name)).map((name) =>
    name === OWN_BACKEND_SETTING ? (settings[name] ?? name) : name,
  )
  return backend.length === 0 ? providers : [...providers, `backend ${type}: ${backend.join(', ')}`]
}

function ownIn({ name, config }: ProviderConfig): readonly string[] {
  const names = SETTINGS[SAME_AS[name] ?? name] ?? []
  const blocks = name === 'helm' ? [config, ...listOf(field(config, 'kubernetes'))] : [config]
  return names.filter((setting) =>
    blocks.some((block) => isSet(field(block, setting)) && !isOurs(setting, field(block, setting))),
  )
}

/** The profile that the broker itself stands behind. */
function isOurs(setting: string, value: Value | undefined): boolean {
  return setting === 'profile' && value === 'holdpoint'
}

function listOf(value: Value | undefined): readonly Value[] {
  if (value === undefined) return []
  return isList(value) ? value : [value]
}

/** `use_cli = false` switches one off, and brings none. */
function isSet(value: Value | undefined): boolean {
  return value !== undefined && value !== null && value !== false && value !== ''
}
