/**
 * Names of environment variables, as data: what may reach the tool, what of it is an input, what is
 * a pure credential. A name that stands nowhere here does not pass. Nothing is ever removed from a
 * full environment: the child's is built from these lists.
 */

/** Pass, and are no input: they say who and where the process is, not what it does. */
export const PASSED_NAMES: readonly string[] = [
  'PATH',
  'HOME',
  'TMPDIR',
  'USER',
  'LOGNAME',
  'SHELL',
  'TERM',
  'LANG',
  'LANGUAGE',
  'TZ',
  'SSH_AUTH_SOCK',
  'SSH_AGENT_PID',
  'XDG_CONFIG_HOME',
  'XDG_CACHE_HOME',
  'XDG_RUNTIME_DIR',
]

export const PASSED_PREFIXES: readonly string[] = ['LC_']

/** Pass, and are inputs: a change of one of these changes what the tool does. */
export const INPUT_PREFIXES: readonly string[] = [
  'TF_',
  'TOFU_',
  'AWS_',
  'ARM_',
  'AZURE_',
  'GOOGLE_',
  'GCLOUD_',
  'CLOUDSDK_',
  'KUBE',
  'HELM_',
  'VAULT_',
]

/** Proxies and certificate bundles, in both spellings. */
export const INPUT_NAMES: readonly string[] = [
  'HTTP_PROXY',
  'HTTPS_PROXY',
  'NO_PROXY',
  'ALL_PROXY',
  'http_proxy',
  'https_proxy',
  'no_proxy',
  'all_proxy',
  'SSL_CERT_FILE',
  'SSL_CERT_DIR',
  'CURL_CA_BUNDLE',
  'REQUESTS_CA_BUNDLE',
  'GIT_SSL_CAINFO',
  'NODE_EXTRA_CA_CERTS',
]

/** Never pass, and are named when found: each was seen to rewrite what a saved plan does. */
export const FORBIDDEN_PREFIXES: readonly string[] = [
  'TF_CLI_ARGS',
  'TF_LOG',
  'LD_',
  'DYLD_',
  'HOLDPOINT_',
]

export const FORBIDDEN_NAMES: readonly string[] = [
  'TF_REATTACH_PROVIDERS',
  'TF_PLUGIN_CACHE_MAY_BREAK_DEPENDENCY_LOCK_FILE',
  'TF_IGNORE',
  'TF_TEMP_LOG_PATH',
]

/** Set by the runner itself: not inputs, and what was there before does not pass. */
export const OWN_SETTINGS: { readonly [name: string]: string } = {
  TF_IN_AUTOMATION: '1',
  TF_INPUT: '0',
  CHECKPOINT_DISABLE: '1',
}

/** Pass, but are no input: they prove who calls and expire; the account is in the target. */
export const CREDENTIAL_NAMES: readonly string[] = [
  'AWS_ACCESS_KEY_ID',
  'AWS_SECRET_ACCESS_KEY',
  'AWS_SESSION_TOKEN',
  'AWS_SECURITY_TOKEN',
  'AWS_SESSION_EXPIRATION',
  'AWS_CREDENTIAL_EXPIRATION',
  'AWS_CONTAINER_AUTHORIZATION_TOKEN',
  'AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE',
  'AWS_CONTAINER_CREDENTIALS_FULL_URI',
  'AWS_CONTAINER_CREDENTIALS_RELATIVE_URI',
  'AWS_WEB_IDENTITY_TOKEN_FILE',
  'AWS_BEARER_TOKEN_BEDROCK',
  'ARM_ACCESS_KEY',
  'ARM_SAS_TOKEN',
  'ARM_CLIENT_SECRET',
  'ARM_CLIENT_SECRET_FILE_PATH',
  'ARM_CLIENT_CERTIFICATE',
  'ARM_CLIENT_CERTIFICATE_PASSWORD',
  'ARM_CLIENT_CERTIFICATE_PATH',
  'ARM_OIDC_TOKEN',
  'ARM_OIDC_TOKEN_FILE_PATH',
  'ARM_OIDC_REQUEST_TOKEN',
  'ARM_OIDC_REQUEST_URL',
  'AZURE_CLIENT_SECRET',
  'AZURE_CLIENT_CERTIFICATE_PASSWORD',
  'AZURE_CLIENT_CERTIFICATE_PATH',
  'AZURE_PASSWORD',
  'AZURE_STORAGE_CONNECTION_STRING',
  'AZURE_STORAGE_KEY',
  'AZURE_STORAGE_SAS_TOKEN',
  'AZURE_FEDERATED_TOKEN_FILE',
  'GOOGLE_CREDENTIALS',
  'GOOGLE_APPLICATION_CREDENTIALS',
  'GOOGLE_OAUTH_ACCESS_TOKEN',
  'GOOGLE_GHA_CREDS_PATH',
  'GOOGLE_BACKEND_CREDENTIALS',
  'CLOUDSDK_AUTH_ACCESS_TOKEN',
  'CLOUDSDK_AUTH_ACCESS_TOKEN_FILE',
  'CLOUDSDK_AUTH_CREDENTIAL_FILE_OVERRIDE',
  'KUBE_TOKEN',
  'KUBE_PASSWORD',
  'KUBE_CLIENT_KEY_DATA',
  'KUBE_CLIENT_CERT_DATA',
  'HELM_KUBETOKEN',
  'VAULT_TOKEN',
  'TF_HTTP_PASSWORD',
]

/** Host tokens of the tool's own registry and state services. */
export const CREDENTIAL_PREFIXES: readonly string[] = ['TF_TOKEN_']

/**
 * With a grant these do not pass either: each says which standing credential to use, or sends the
 * grant's own somewhere else.
 */
export const STANDING_NAMES: readonly string[] = [
  'HOME',
  'XDG_CONFIG_HOME',
  'AWS_PROFILE',
  'AWS_DEFAULT_PROFILE',
  'AWS_CONFIG_FILE',
  'AWS_SHARED_CREDENTIALS_FILE',
  'AWS_ROLE_ARN',
  'AWS_ROLE_SESSION_NAME',
  'AWS_EC2_METADATA_DISABLED',
  'AWS_EC2_METADATA_SERVICE_ENDPOINT',
  'AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE',
  'ARM_CLIENT_ID',
  'ARM_CLIENT_ID_FILE_PATH',
  'ARM_USE_OIDC',
  'ARM_USE_CLI',
  'ARM_USE_MSI',
  'ARM_MSI_ENDPOINT',
  'ARM_USE_AKS_WORKLOAD_IDENTITY',
  'ARM_ADO_PIPELINE_SERVICE_CONNECTION_ID',
  'ARM_OIDC_AZURE_SERVICE_CONNECTION_ID',
  'AZURE_CLIENT_ID',
  'AZURE_CONFIG_DIR',
  'AZURE_USERNAME',
  'GOOGLE_IMPERSONATE_SERVICE_ACCOUNT',
  'GOOGLE_BACKEND_IMPERSONATE_SERVICE_ACCOUNT',
  'GOOGLE_CLOUD_KEYFILE_JSON',
  'GCLOUD_KEYFILE_JSON',
  'CLOUDSDK_CONFIG',
  'CLOUDSDK_ACTIVE_CONFIG_NAME',
  'CLOUDSDK_AUTH_IMPERSONATE_SERVICE_ACCOUNT',
  'KUBECONFIG',
  'KUBE_CONFIG_PATH',
  'KUBE_CONFIG_PATHS',
  'KUBE_CTX',
  'KUBE_CTX_AUTH_INFO',
  'KUBE_CTX_CLUSTER',
  'KUBE_USER',
  'KUBE_HOST',
  'KUBE_INSECURE',
  'KUBE_CLUSTER_CA_CERT_DATA',
  'KUBE_TLS_SERVER_NAME',
  'KUBE_PROXY_URL',
  'KUBERNETES_SERVICE_HOST',
  'KUBERNETES_SERVICE_PORT',
  'HELM_KUBEAPISERVER',
  'HELM_KUBEASUSER',
  'HELM_KUBECAFILE',
  'HELM_KUBECONTEXT',
  'HELM_KUBEINSECURE_SKIP_TLS_VERIFY',
  'VAULT_TOKEN_NAME',
  'VAULT_NAMESPACE',
  'VAULT_AGENT_ADDR',
  'VAULT_PROXY_ADDR',
  'VAULT_HTTP_PROXY',
  'VAULT_SKIP_VERIFY',
  'VAULT_CLIENT_CERT',
  'VAULT_CLIENT_KEY',
]
